#include <doctest/doctest.h>

#include "flow/login/own_sessions.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/logout.hpp"
#include "store/message/outbox.hpp"

using namespace std::chrono_literals;
using testing::OidcFixture;

namespace {

rights::Actor actor_of(OidcFixture& f, const std::string& cookie) {
  const auto visitor = flow::find_visitor(*f.house, cookie, f.facts());
  REQUIRE(visitor);
  REQUIRE(visitor->actor);
  return *visitor->actor;
}

bool is_open(OidcFixture& f, const std::string& cookie) {
  return flow::find_visitor(*f.house, cookie, f.facts())->session() != nullptr;
}

std::size_t count_logout_messages(OidcFixture& f) {
  const auto items = f.store->read([](store::Tx& tx) { return store::list_outbox(tx, 100); }).value();
  return static_cast<std::size_t>(
      std::count_if(items.begin(), items.end(), [](const auto& one) { return one.kind == "logout"; }));
}

}  // namespace

TEST_CASE("a person sees every open session, with its applications, and which one this is") {
  OidcFixture f;
  const std::string phone = f.log_in();
  f.now += 1min;
  const std::string laptop = f.log_in();
  (void)f.get_code(phone);
  const auto sessions = flow::list_own_sessions(*f.house, actor_of(f, laptop), f.now).value();
  REQUIRE(sessions.size() == 2);
  CHECK(sessions[0].is_this);
  CHECK(sessions[0].applications.empty());
  CHECK_FALSE(sessions[1].is_this);
  CHECK(sessions[1].applications == std::vector<std::string>{"Portal"});
  CHECK(sessions[1].context == "context.user");
  CHECK(sessions[1].session.ip == "192.0.2.7");
  f.now += 15min;
  CHECK_FALSE(is_open(f, phone));
}

TEST_CASE("an ended session is over at once, here and in its applications") {
  OidcFixture f;
  const std::string phone = f.log_in();
  const std::string laptop = f.log_in();
  const std::string code = f.get_code(phone);
  REQUIRE(flow::end_own_session(*f.house, actor_of(f, laptop), actor_of(f, phone).session().id, f.facts()));
  CHECK_FALSE(is_open(f, phone));
  CHECK(is_open(f, laptop));
  CHECK(count_logout_messages(f) == 1);
  CHECK(f.error_of(f.redemption(code)) == flow::OAuthError::invalid_grant);
}

TEST_CASE("without a fresh proof nobody ends a session, neither one nor all others") {
  OidcFixture f;
  const std::string phone = f.log_in();
  const std::string laptop = f.log_in();
  f.now += 6min;
  const auto by = actor_of(f, laptop);
  CHECK(flow::end_own_session(*f.house, by, actor_of(f, phone).session().id, f.facts()).error().reason ==
        flow::proof_needed);
  CHECK(flow::end_other_sessions(*f.house, by, f.facts()).error().reason == flow::proof_needed);
  CHECK(is_open(f, phone));
}

TEST_CASE("without a fresh proof nobody forgets a device, because its owner would wait behind strangers then") {
  OidcFixture f;
  flow::RequestFacts facts = f.facts();
  const auto done = flow::login_password(*f.house, {"anna.kowalska", base::Secret(OidcFixture::password)}, facts);
  REQUIRE(done);
  facts.devices = std::string(done->device_cookie.reveal());
  f.now += 6min;
  facts.now = f.now;
  const auto by = actor_of(f, std::string(done->session_cookie.reveal()));
  const base::Id device = flow::list_own_devices(*f.house, by, facts).value().front().device.id;
  CHECK(flow::forget_own_device(*f.house, by, device, facts).error().reason == flow::proof_needed);
  CHECK(flow::list_own_devices(*f.house, by, facts)->size() == 1);
}

TEST_CASE("all other sessions end together, and the one that asks stays") {
  OidcFixture f;
  const std::string here = f.log_in();
  std::vector<std::string> others;
  for (int i = 0; i < 3; ++i) others.push_back(f.log_in());
  CHECK(flow::end_other_sessions(*f.house, actor_of(f, here), f.facts()).value() == 3);
  CHECK(flow::end_other_sessions(*f.house, actor_of(f, here), f.facts()).value() == 0);
  for (const std::string& other : others) CHECK_FALSE(is_open(f, other));
  CHECK(is_open(f, here));
}

TEST_CASE("sessions and devices of another person do not exist") {
  OidcFixture f;
  f.add_account("jan.nowak", OidcFixture::password);
  const std::string of_anna = f.log_in();
  const std::string of_jan = f.log_in("jan.nowak");
  const auto jan = actor_of(f, of_jan);
  CHECK(flow::end_own_session(*f.house, jan, actor_of(f, of_anna).session().id, f.facts()).error().code ==
        base::Code::not_found);
  const auto devices = flow::list_own_devices(*f.house, actor_of(f, of_anna), f.facts()).value();
  REQUIRE(devices.size() == 1);
  CHECK(flow::forget_own_device(*f.house, jan, devices.front().device.id, f.facts()).error().code ==
        base::Code::not_found);
  CHECK(is_open(f, of_anna));
  CHECK(flow::list_own_devices(*f.house, actor_of(f, of_anna), f.facts())->size() == 1);
}

TEST_CASE(
    "a login makes the browser known, a second one with its cookie does not make another, and it can be forgotten") {
  OidcFixture f;
  flow::RequestFacts facts = f.facts();
  const auto log_in = [&] {
    const auto done = flow::login_password(*f.house, {"anna.kowalska", base::Secret(OidcFixture::password)}, facts);
    REQUIRE(done);
    facts.devices = std::string(done->device_cookie.reveal());
    return std::string(done->session_cookie.reveal());
  };
  (void)log_in();
  const auto actor = actor_of(f, log_in());
  const auto devices = flow::list_own_devices(*f.house, actor, facts).value();
  REQUIRE(devices.size() == 1);
  CHECK(devices.front().is_this);
  REQUIRE(flow::forget_own_device(*f.house, actor, devices.front().device.id, facts));
  CHECK(flow::list_own_devices(*f.house, actor, facts)->empty());
  CHECK(f.events("account_change").size() == 1);
  (void)log_in();
  CHECK(flow::list_own_devices(*f.house, actor, facts)->size() == 1);
}
