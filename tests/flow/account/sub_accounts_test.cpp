#include "flow/account/sub_accounts.hpp"

#include <doctest/doctest.h>

#include "flow/account/create_account.hpp"
#include "flow/account/own_data.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/outbox/queue_message.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/proof_settings.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

struct Practice : PersonFixture {
  Practice() {
    flow::NewAccount boss = wish("boss");
    boss.email = "info@practice.example";
    boss.is_main = true;
    id = create(boss);
    cookie = log_in("boss");
  }
  base::Result<base::Id> add(const std::string& login, const std::string& email, bool redirect) {
    return flow::create_sub_account(*house, actor(cookie), {login, "Jan", "Nowak", email, redirect}, facts());
  }
  std::optional<flow::Destination> destination(const base::Id& whose) {
    return store
        ->read([&](store::Tx& tx) -> base::Result<std::optional<flow::Destination>> {
          ASSIGN_OR_RETURN(const auto found, store::find_account(tx, whose));
          return flow::find_destination(tx, *found);
        })
        .value();
  }
  base::Id id;
  std::string cookie;
};

}  // namespace

TEST_CASE("the holder of a main account makes sub accounts, and their pseudo addresses lead to him") {
  Practice f;
  const auto sub = f.add("sales", "info+sales@practice.example", true);
  REQUIRE_MESSAGE(sub, base::describe(sub.error()));
  const auto account = f.account(*sub);
  CHECK(account.main_account_id == f.id);
  CHECK(account.email == "info+sales@practice.example");
  REQUIRE(f.destination(*sub));
  CHECK(f.destination(*sub)->address == "info@practice.example");
  // It is the holder's own mailbox, so that it counts at once, for one account.
  CHECK(account.email_verified);
  for (const char* same : {"info+sales@practice.example", "INFO+Sales@Practice.example"}) {
    for (const bool redirect : {true, false}) {
      const auto second = f.add("sales2", same, redirect);
      REQUIRE_FALSE(second);
      CHECK(second.error().code == base::Code::already_exists);
      CHECK(second.error().reason == "email: taken");
    }
  }
  const auto list = flow::list_own_sub_accounts(*f.house, f.actor(f.cookie)).value();
  REQUIRE(list.size() == 1);
  CHECK(list[0].redirects_to_main);
  CHECK(f.events("account_create").front().actor == f.id);
}

TEST_CASE("every sub account has an address of its own, and only pseudo addresses are redirected") {
  Practice f;
  CHECK(f.add("sales", "", false).error().reason.starts_with("email:"));
  CHECK(f.add("sales", "info@practice.example", false).error().code == base::Code::already_exists);
  CHECK(f.add("sales", "sales@practice.example", true).error().reason.starts_with("email:"));
  const auto sub = f.add("sales", "sales@practice.example", false);
  REQUIRE(sub);
  // Not verified: nothing goes there, and nobody logs in with it.
  CHECK_FALSE(f.destination(*sub));
  // Nor do two of one holder wait for the same address.
  CHECK(f.add("desk", "Sales@practice.example", false).error().reason == "email: taken");
}

TEST_CASE("a main account's mails are not redirected, and a sub account has none below it") {
  Practice f;
  flow::NewAccount wished = f.wish("other");
  wished.email = "info+other@practice.example";
  wished.redirect_to_main = true;
  CHECK(flow::create_account(*f.house, f.operator_actor(), wished, f.facts()).error().code ==
        base::Code::invalid_input);
  wished.main_account = "boss";
  const base::Id sub = f.create(wished);
  CHECK(f.account(sub).main_account_id == f.id);
  wished.login = "below";
  wished.email = "info+below@practice.example";
  wished.main_account = "other";
  CHECK(flow::create_account(*f.house, f.operator_actor(), wished, f.facts()).error().code ==
        base::Code::invalid_input);
  const std::string cookie = f.log_in("other");
  CHECK(flow::create_sub_account(*f.house, f.actor(cookie), {"x-y-z", "", "", "x@practice.example", false}, f.facts())
            .error()
            .code == base::Code::denied);
}

TEST_CASE("a sub account is not made without a fresh proof") {
  Practice f;
  f.now += 6min;
  CHECK(f.add("sales", "info+sales@practice.example", true).error().code == base::Code::denied);
}

TEST_CASE("a sub account cannot hang on a main account that is not there") {
  Practice f;
  flow::NewAccount wished = f.wish("ghost");
  wished.email = "g@practice.example";
  wished.main_account = "nobody.there";
  CHECK(flow::create_account(*f.house, f.operator_actor(), wished, f.facts()).error().code == base::Code::not_found);
}

TEST_CASE("who gets the mails of a super administrator is above an account administrator") {
  Practice f;
  flow::NewAccount wished = f.wish("admin");
  wished.contexts = {"administrator"};
  f.create(wished);
  const auto admin = f.actor(f.log_in("admin"));
  CHECK(flow::start_reset_for(*f.house, admin, "boss", f.facts()));
  wished = f.wish("root");
  wished.email = "info+root@practice.example";
  wished.main_account = "boss";
  wished.redirect_to_main = true;
  wished.contexts = {"super_administrator"};
  CHECK(flow::create_account(*f.house, admin, wished, f.facts()).error().code == base::Code::denied);
  f.create(wished);
  CHECK(flow::start_reset_for(*f.house, admin, "boss", f.facts()).error().code == base::Code::denied);
  CHECK(flow::find_account_details(*f.house, admin, f.id.to_string(), f.now).value().is_above);
  CHECK(flow::start_reset_for(*f.house, f.operator_actor(), "boss", f.facts()));
  f.now += f.settings.proof.lasts;
  CHECK(flow::create_account(*f.house, admin, f.wish("late"), f.facts()).error().reason == "proof_needed");
}

TEST_CASE("only the main account's own e-mail with a tag is redirected") {
  Practice f;
  CHECK(f.add("sales", "victim+sales@practice.example", true).error().reason.starts_with("email:"));
  CHECK(f.add("sales", "info+sales@other.example", true).error().reason.starts_with("email:"));
  CHECK(f.add("sales", "INFO+sales@Practice.example", true));
}

TEST_CASE("the holder of a sub account, too, redirects only the main account's own e-mail with a tag") {
  Practice f;
  f.add_person("victim", "victim@practice.example");
  flow::NewAccount wished = f.wish("sales");
  wished.email = "jan@practice.example";
  wished.main_account = "boss";
  const base::Id id = f.create(wished);
  const std::string cookie = f.log_in("sales");
  const auto change = [&](const std::string& email, bool redirect) {
    const auto done = flow::change_own_data(
        *f.house, f.actor(cookie), {"sales", email, "", "", "", "", redirect, f.account(id).version}, f.facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return done->flaws.empty() ? std::string() : done->flaws.front().key;
  };
  for (const char* email : {"jan@practice.example", "jan+sales@practice.example", "victim+sales@practice.example",
                            "info+sales@other.example", "info@practice.example+x@practice.example",
                            "info+sales@practice.example.example"}) {
    CHECK_MESSAGE(change(email, true) != "", email);
    CHECK_MESSAGE(f.events("account_change").empty(), email);
  }
  CHECK(change("victim+sales@practice.example", true) == "own.flaw.not_pseudo");
  CHECK_FALSE(f.account(id).redirects_to_main);
  CHECK(change("INFO+sales@Practice.example", true) == "");
  CHECK(change("jan+tag@practice.example", false) == "");
}

TEST_CASE(
    "an address that is tagged already is not redirected to somebody else's main account, nor to an unconfirmed one") {
  Practice f;
  flow::NewAccount wished = f.wish("sales");
  wished.email = "victim+sales@practice.example";
  wished.main_account = "boss";
  const base::Id sub = f.create(wished);
  wished = f.wish("head");
  wished.email = "head@practice.example";
  wished.trusted_addresses = false;
  wished.is_main = true;
  f.create(wished);
  wished = f.wish("below");
  wished.email = "head+below@practice.example";
  wished.main_account = "head";
  const base::Id below = f.create(wished);
  for (const auto& [login, id] : {std::pair("sales", sub), std::pair("below", below)}) {
    const auto account = f.account(id);
    const auto done = flow::change_own_data(*f.house, f.actor(f.log_in(login)),
                                            {login, account.email, "", "", "", "", true, account.version}, f.facts());
    REQUIRE(done);
    REQUIRE(done->flaws.size() == 1);
    CHECK(done->flaws[0].key == "own.flaw.not_pseudo");
    CHECK_FALSE(f.account(id).redirects_to_main);
  }
}

TEST_CASE(
    "a redirection in force does not stand in the way of another change when the main account's address has changed") {
  Practice f;
  const base::Id id = f.add("sales", "info+sales@practice.example", true).value();
  flow::NewAccount wished = f.wish("desk");
  wished.email = "info+desk@practice.example";
  wished.main_account = "boss";
  wished.redirect_to_main = true;
  const base::Id desk = f.create(wished);
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::delete_identifier(tx, f.id, "email", "info@practice.example"));
    return store::insert_identifier(
        tx, {f.id, "email", "office@practice.example", "office@practice.example", f.now, true}, f.now);
  }));
  const std::string cookie = f.log_in("desk");
  const auto change = [&](const std::string& login, const std::string& email) {
    return flow::change_own_data(*f.house, f.actor(cookie),
                                 {login, email, "", "", "", "", true, f.account(desk).version}, f.facts())
        .value();
  };
  CHECK(change("front.desk", "info+desk@practice.example").flaws.empty());
  CHECK(f.account(desk).login == "front.desk");
  CHECK(f.destination(desk)->address == "office@practice.example");
  CHECK(change("front.desk", "info+other@practice.example").flaws.size() == 1);
  CHECK(f.destination(id)->address == "office@practice.example");
}

TEST_CASE("a main account has a hundred sub accounts at most, and twenty new ones an hour") {
  Practice f;
  int made = 0;
  for (int hour = 0; hour < 6; ++hour) {
    for (int i = 0; i < 20; ++i) {
      const std::string name = "sub" + std::to_string(hour * 20 + i);
      const auto sub = f.add(name, name + "@practice.example", false);
      if (sub)
        ++made;
      else
        CHECK(sub.error().code == base::Code::conflict);
    }
    if (hour == 0) CHECK(f.add("more", "more@practice.example", false).error().code == base::Code::too_many);
    f.now += 61min;
    f.cookie = f.log_in("boss");
  }
  CHECK(made == 100);
}
