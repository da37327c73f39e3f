#include "flow/account/suspend_self.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "flow/account/delete_account.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/grant/find_userinfo.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/outbox/message_item.hpp"
#include "flow/proof/proof_settings.hpp"
#include "store/account/accounts.hpp"
#include "store/message/outbox.hpp"
#include "store/postgres.hpp"
#include "store/proof/one_time_tokens.hpp"

using namespace std::chrono_literals;
using testing::HouseFixture;
using testing::OidcFixture;

namespace {

rights::Actor actor_of(HouseFixture& f, const std::string& cookie) {
  const auto visitor = flow::find_visitor(*f.house, cookie, f.facts());
  REQUIRE(visitor);
  REQUIRE(visitor->actor);
  return *visitor->actor;
}

bool is_open(HouseFixture& f, const std::string& cookie) {
  return flow::find_visitor(*f.house, cookie, f.facts())->session() != nullptr;
}

std::string log_in(HouseFixture& f, const std::string& login) {
  const auto done = flow::login_password(*f.house, {login, base::Secret(OidcFixture::password)}, f.facts());
  REQUIRE(done);
  return std::string(done->session_cookie.reveal());
}

identity::AccountStatus status_of(HouseFixture& f, const base::Id& id) {
  return f.store->read([&](store::Tx& tx) { return store::find_account(tx, id); }).value()->status;
}

std::vector<store::OutboxItem> outbox(HouseFixture& f, const std::string& kind) {
  auto items = f.store->read([](store::Tx& tx) { return store::list_outbox(tx, 100); }).value();
  std::erase_if(items, [&](const auto& one) { return one.kind != kind; });
  return items;
}

}  // namespace

TEST_CASE("whoever suspends the own account is logged out everywhere, and the applications are told") {
  OidcFixture f;
  const std::string phone = f.log_in();
  const std::string laptop = f.log_in();
  (void)f.get_tokens(phone);
  REQUIRE(flow::suspend_self(*f.house, actor_of(f, laptop), f.facts()));
  CHECK(status_of(f, f.anna) == identity::AccountStatus::suspended_self);
  CHECK_FALSE(is_open(f, phone));
  CHECK_FALSE(is_open(f, laptop));
  CHECK(outbox(f, "logout").size() == 1);
  const auto notices = outbox(f, "mail");
  REQUIRE(notices.size() == 1);
  const auto notice = flow::parse_payload(notices.front().payload).value();
  CHECK(notice.to == "anna@clinic.example");
  CHECK(notice.message == "suspended");
  REQUIRE(f.events("account_suspend").size() == 1);
  CHECK(f.events("account_suspend").front().actor == f.anna);
  CHECK_FALSE(flow::login_password(*f.house, {"anna.kowalska", base::Secret(OidcFixture::password)}, f.facts()));
}

TEST_CASE("after a suspension nothing goes on: before the code, with the code, with the tokens") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  const std::string code = f.get_code(cookie);
  const std::string spent = f.get_code(cookie);
  const auto tokens = f.redeem(f.redemption(spent)).tokens;
  const auto is_refused = [&] {
    return flow::find_userinfo(*f.house, tokens.access_token, f.facts()).value().refusal.has_value();
  };
  REQUIRE_FALSE(is_refused());
  REQUIRE(flow::suspend_self(*f.house, actor_of(f, cookie), f.facts()));
  CHECK(std::holds_alternative<flow::LoginNeeded>(f.authorize(OidcFixture::request(), cookie)));
  CHECK(f.error_of(f.redemption(code)) == flow::OAuthError::invalid_grant);
  CHECK(is_refused());
  // Lifted again: what was given before stays void.
  REQUIRE(flow::restore_account(*f.house, HouseFixture::operator_actor(), "anna.kowalska", f.facts()));
  CHECK(f.error_of(f.redemption(code)) == flow::OAuthError::invalid_grant);
  CHECK(is_refused());
  CHECK_FALSE(is_open(f, cookie));
  CHECK(is_open(f, f.log_in()));
}

TEST_CASE("open one-time tokens are void after a suspension, also after it was lifted") {
  OidcFixture f;
  const auto token_of = [&](const std::string& hash) {
    store::OneTimeToken token;
    token.hash = hash;
    token.tenant_id = actor_of(f, f.log_in()).account().tenant_id;
    token.purpose = "reset";
    token.account_id = f.anna;
    token.channel = "email";
    token.created_at = f.now;
    token.expires_at = f.now + 30min;
    return token;
  };
  const auto token = token_of(std::string(32, 't'));
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::insert_token(tx, token); }));
  REQUIRE(flow::suspend_self(*f.house, actor_of(f, f.log_in()), f.facts()));
  REQUIRE(flow::restore_account(*f.house, HouseFixture::operator_actor(), "anna.kowalska", f.facts()));
  CHECK_FALSE(
      f.store->write([&](store::Tx& tx) { return store::consume_token(tx, token.hash, "reset", f.now); }).value());
}

TEST_CASE("an old proof is not enough to suspend or delete, and nothing happens") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  f.now += f.settings.proof.lasts;
  const auto actor = actor_of(f, cookie);
  CHECK(flow::suspend_self(*f.house, actor, f.facts()).error().code == base::Code::denied);
  CHECK(flow::delete_own_account(*f.house, actor, f.facts()).error().code == base::Code::denied);
  CHECK(status_of(f, f.anna) == identity::AccountStatus::active);
  CHECK(is_open(f, cookie));
  CHECK(flow::suspend_self(*f.house, HouseFixture::operator_actor(), f.facts()).error().code == base::Code::denied);
}

TEST_CASE("a suspension by oneself is lifted by an administrator alone, who tells the person") {
  OidcFixture f;
  f.add_account("berta.boss", OidcFixture::password, {"administrator"});
  const auto anna = actor_of(f, f.log_in());
  REQUIRE(flow::suspend_self(*f.house, anna, f.facts()));
  // The actor of a request that had begun before has no rights either.
  CHECK(flow::restore_account(*f.house, anna, "anna.kowalska", f.facts()).error().code == base::Code::denied);
  CHECK(flow::suspend_self(*f.house, anna, f.facts()).error().code == base::Code::denied);
  CHECK(flow::delete_own_account(*f.house, anna, f.facts()).error().code == base::Code::denied);
  const auto berta = actor_of(f, log_in(f, "berta.boss"));
  REQUIRE(flow::restore_account(*f.house, berta, "anna.kowalska", f.facts()));
  CHECK(status_of(f, f.anna) == identity::AccountStatus::active);
  CHECK(flow::parse_payload(outbox(f, "mail").front().payload)->to == "anna@clinic.example");
  CHECK(outbox(f, "mail").size() == 2);
}

TEST_CASE("the last super administrator stays, whoever tries") {
  HouseFixture f;
  const base::Id ada = f.add_account("ada", OidcFixture::password, {"super_administrator"});
  f.add_account("berta.boss", OidcFixture::password, {"administrator"});
  const auto actor = actor_of(f, log_in(f, "ada"));
  CHECK_FALSE(flow::may_leave(*f.house, actor, f.now).value());
  CHECK(flow::suspend_self(*f.house, actor, f.facts()).error().code == base::Code::conflict);
  CHECK(flow::delete_own_account(*f.house, actor, f.facts()).error().code == base::Code::conflict);
  CHECK(flow::suspend_account(*f.house, HouseFixture::operator_actor(), "ada", f.facts()).error().code ==
        base::Code::conflict);
  CHECK(status_of(f, ada) == identity::AccountStatus::active);
  f.add_account("second", OidcFixture::password, {"super_administrator"});
  CHECK(flow::may_leave(*f.house, actor, f.now).value());
  CHECK(flow::suspend_self(*f.house, actor, f.facts()));
  CHECK(flow::suspend_account(*f.house, HouseFixture::operator_actor(), "second", f.facts()).error().code ==
        base::Code::conflict);
}

TEST_CASE("of two super administrators who leave at the same time one stays") {
  for (int round = 0; round < 10; ++round) {
    HouseFixture f;
    f.add_account("ada", OidcFixture::password, {"super_administrator"});
    f.add_account("bea", OidcFixture::password, {"super_administrator"});
    const auto ada = actor_of(f, log_in(f, "ada"));
    const auto bea = actor_of(f, log_in(f, "bea"));
    bool ada_left = false;
    bool bea_left = false;
    std::thread first([&] { ada_left = flow::delete_own_account(*f.house, ada, f.facts()).has_value(); });
    std::thread second([&] { bea_left = flow::suspend_self(*f.house, bea, f.facts()).has_value(); });
    first.join();
    second.join();
    CHECK(ada_left != bea_left);
  }
}

TEST_CASE("two nodes on one database keep one super administrator as well") {
  const std::string place = postgres::make_place();
  HouseFixture f(place);
  f.add_account("ada", OidcFixture::password, {"super_administrator"});
  f.add_account("bea", OidcFixture::password, {"super_administrator"});
  store::Options options;
  options.url = place;
  const auto other = store::Store::open(options, f.master);
  REQUIRE(other);
  const flow::House second_house{**other, (*other)->master(), *f.keys, f.gate, f.house->settings};
  const auto ada = actor_of(f, log_in(f, "ada"));
  const auto bea = actor_of(f, log_in(f, "bea"));
  bool ada_left = false;
  bool bea_left = false;
  std::thread first([&] { ada_left = flow::delete_own_account(*f.house, ada, f.facts()).has_value(); });
  std::thread second([&] { bea_left = flow::delete_own_account(second_house, bea, f.facts()).has_value(); });
  first.join();
  second.join();
  CHECK(ada_left != bea_left);
}

TEST_CASE("fifty suspensions at the same time are one") {
  OidcFixture f;
  const auto actor = actor_of(f, f.log_in());
  std::vector<std::thread> threads;
  for (int i = 0; i < 50; ++i) threads.emplace_back([&] { (void)flow::suspend_self(*f.house, actor, f.facts()); });
  for (auto& thread : threads) thread.join();
  CHECK(f.events("account_suspend").size() == 1);
  CHECK(outbox(f, "mail").size() == 1);
}
