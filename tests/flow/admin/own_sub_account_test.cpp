// The holder of a main account is an administrator of his own sub accounts, and of nobody else (S2.4, S2.5).
#include "flow/admin/own_sub_account.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "flow/account/change_contexts.hpp"
#include "flow/account/delete_account.hpp"
#include "flow/account/main_account.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/account/sub_accounts.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/account/unlock_account.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/prove_again.hpp"
#include "store/account/contexts.hpp"
#include "store/account/identifiers.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

struct Clinic : PersonFixture {
  Clinic() {
    anna = add("anna", {"user", "administrator"}, true);
    piotr = add("piotr", {"user"}, false);
    cookie = log_in("anna");
    choose("user");
    const auto made = flow::create_sub_account(*house, actor(cookie),
                                               {"ewa", "Ewa", "Lis", "anna+ewa@clinic.example", true}, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    ewa = *made;
  }
  base::Id add(const std::string& login, std::vector<std::string> contexts, bool is_main) {
    flow::NewAccount wished = wish(login);
    wished.email = login + "@clinic.example";
    wished.contexts = std::move(contexts);
    wished.is_main = is_main;
    return create(wished);
  }
  void choose(const std::string& context) {
    const auto visitor = flow::find_visitor(*house, cookie, facts());
    REQUIRE(visitor);
    auto chosen = flow::choose_context(*house, *visitor, context, facts());
    REQUIRE(chosen);
    cookie = std::string(chosen->reveal());
  }
  rights::Actor holder() { return actor(cookie); }
  base::Result<flow::AccountChange> change(const base::Id& whom, std::vector<std::pair<std::string, std::string>> to) {
    return flow::change_account(*house, holder(), whom.to_string(), {std::move(to), account(whom).version}, facts());
  }
  /// Whether each message that waits goes to Anna and names the sub account.
  bool is_named(std::string_view login) {
    const auto all = messages();
    return !all.empty() && std::all_of(all.begin(), all.end(), [&](const flow::MessageItem& one) {
      return one.to == "anna@clinic.example" && (one.text + one.subject).find(login) != std::string::npos;
    });
  }
  std::vector<std::string> contexts_of(const base::Id& whom) {
    std::vector<std::string> found;
    const auto all = store->read([&](store::Tx& tx) { return store::list_contexts(tx, whom, now); }).value();
    for (const auto& one : all) found.push_back(one.key);
    return found;
  }
  base::Id anna;
  base::Id piotr;
  base::Id ewa;
  std::string cookie;
};

using enum base::Code;

}  // namespace

TEST_CASE(
    "the holder edits, resets, suspends, restores and deletes a sub account, each with an event that names both") {
  Clinic f;
  const std::string ewa = f.ewa.to_string();
  const auto changed = f.change(f.ewa, {{"family_name", "Lisowska"}, {"login", "ewa.lis"}, {"locale", "pl"}});
  REQUIRE_MESSAGE(changed, base::describe(changed.error()));
  CHECK(changed->changed);
  CHECK(f.account(f.ewa).family_name == "Lisowska");
  CHECK(f.account(f.ewa).login == "ewa.lis");
  CHECK(f.account(f.ewa).locale == "pl");
  REQUIRE(flow::start_reset_for(*f.house, f.holder(), ewa, f.facts()));
  CHECK(f.messages().front().to == "anna@clinic.example");
  CHECK(f.is_named("ewa.lis"));
  REQUIRE(flow::suspend_account(*f.house, f.holder(), ewa, f.facts()));
  CHECK(f.account(f.ewa).status == identity::AccountStatus::suspended_admin);
  REQUIRE(flow::restore_account(*f.house, f.holder(), ewa, f.facts()));
  CHECK(f.account(f.ewa).status == identity::AccountStatus::active);
  REQUIRE(flow::delete_account(*f.house, f.holder(), ewa, f.facts()));
  CHECK(f.account(f.ewa).status == identity::AccountStatus::deleted);
  for (const char* type :
       {"account_change", "password_reset", "account_suspend", "account_restore", "account_delete"}) {
    INFO(type);
    REQUIRE_FALSE(f.events(type).empty());
    CHECK(f.events(type).front().actor == f.anna);
    CHECK(f.events(type).front().subject == f.ewa);
  }
  CHECK(f.events("account_delete").front().data.find("main_account") != std::string::npos);
}

TEST_CASE("he can do none of it to another employee, to a sub account of another, or to an account of nobody") {
  Clinic f;
  const base::Id zofia = f.add("zofia", {"user"}, true);
  const std::string other = f.log_in("zofia");
  const auto sub = flow::create_sub_account(*f.house, f.actor(other),
                                            {"olga", "Olga", "Lis", "zofia+olga@clinic.example", true}, f.facts());
  REQUIRE(sub);
  for (const std::string& whom :
       {f.piotr.to_string(), zofia.to_string(), sub->to_string(), base::Id::make(f.now).to_string(),
        std::string("piotr"), std::string("piotr@clinic.example")}) {
    INFO(whom);
    CHECK(flow::suspend_account(*f.house, f.holder(), whom, f.facts()).error().code == not_found);
    CHECK(flow::restore_account(*f.house, f.holder(), whom, f.facts()).error().code == not_found);
    CHECK(flow::delete_account(*f.house, f.holder(), whom, f.facts()).error().code == not_found);
    CHECK(flow::start_reset_for(*f.house, f.holder(), whom, f.facts()).error().code == not_found);
    CHECK(flow::add_context(*f.house, f.holder(), {whom, "user"}, f.facts()).error().code == not_found);
    CHECK(flow::remove_context(*f.house, f.holder(), {whom, "user"}, f.facts()).error().code == not_found);
    CHECK(flow::change_account(*f.house, f.holder(), whom, {{{"locale", "pl"}}, 0}, f.facts()).error().code ==
          not_found);
    CHECK(flow::find_own_sub_account(*f.house, f.holder(), whom, f.now).error().code == not_found);
  }
  // Nor does the mark give what only administrators do.
  CHECK(flow::unlock_account(*f.house, f.holder(), f.piotr.to_string(), f.facts()).error().code == denied);
  CHECK(flow::appoint_main_account(*f.house, f.holder(), f.piotr.to_string(), f.facts()).error().code == denied);
  flow::NewAccount wished = f.wish("stranger");
  CHECK(flow::create_account(*f.house, f.holder(), wished, f.facts()).error().code == denied);
  CHECK(f.account(f.piotr).status == identity::AccountStatus::active);
}

TEST_CASE("an employee without the mark, a sub account itself, and a holder whose mark was taken change nobody") {
  Clinic f;
  const std::string piotr = f.log_in("piotr");
  CHECK(flow::suspend_account(*f.house, f.actor(piotr), f.ewa.to_string(), f.facts()).error().code == denied);
  CHECK(flow::find_own_sub_account(*f.house, f.actor(piotr), f.ewa.to_string(), f.now).error().code == denied);
  // The request had begun before an administrator took the mark.
  const rights::Actor before = f.holder();
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::set_main_mark(tx, f.anna, false); }));
  CHECK(flow::suspend_account(*f.house, before, f.ewa.to_string(), f.facts()).error().code == not_found);
  CHECK(f.account(f.ewa).status == identity::AccountStatus::active);
}

TEST_CASE("without a fresh proof the holder changes nothing") {
  Clinic f;
  f.now += 10min;
  CHECK(flow::suspend_account(*f.house, f.holder(), f.ewa.to_string(), f.facts()).error().reason == flow::proof_needed);
  CHECK(f.change(f.ewa, {{"locale", "pl"}}).error().reason == flow::proof_needed);
}

TEST_CASE("the holder gives contexts that the main account has, and no more rights than the own context allows") {
  Clinic f;
  const std::string ewa = f.ewa.to_string();
  CHECK(f.contexts_of(f.ewa) == std::vector<std::string>{"user"});
  CHECK(flow::add_context(*f.house, f.holder(), {ewa, "super_administrator"}, f.facts()).error().code == denied);
  CHECK(flow::add_context(*f.house, f.holder(), {ewa, "no_such_context"}, f.facts()).error().code == not_found);
  REQUIRE(flow::remove_context(*f.house, f.holder(), {ewa, "user"}, f.facts()));
  CHECK(f.contexts_of(f.ewa).empty());
  const auto sub = flow::find_own_sub_account(*f.house, f.holder(), ewa, f.now);
  REQUIRE(sub);
  CHECK(std::any_of(sub->offered.begin(), sub->offered.end(), [](const auto& one) { return one.key == "user"; }));
  CHECK(std::none_of(sub->offered.begin(), sub->offered.end(),
                     [](const auto& one) { return one.key == "super_administrator"; }));
  REQUIRE(flow::add_context(*f.house, f.holder(), {ewa, "user"}, f.facts()));
  CHECK(f.contexts_of(f.ewa) == std::vector<std::string>{"user"});
  CHECK(f.events("context_change").front().actor == f.anna);
}

TEST_CASE("a sub account with more rights than the holder has at the moment is not changed") {
  Clinic f;
  REQUIRE(flow::add_context(*f.house, Clinic::operator_actor(), {f.ewa.to_string(), "super_administrator"}, f.facts()));
  CHECK(flow::suspend_account(*f.house, f.holder(), f.ewa.to_string(), f.facts()).error().code == denied);
  CHECK(f.change(f.ewa, {{"locale", "pl"}}).error().code == denied);
  CHECK(flow::find_own_sub_account(*f.house, f.holder(), f.ewa.to_string(), f.now)->is_above);
}

TEST_CASE("the holder changes no number of a document and no kind, and occupies no address of others") {
  Clinic f;
  for (const char* field : {"pesel", "nip", "kind", "external", "organisation"}) {
    CHECK(f.change(f.ewa, {{field, "x"}}).error().code == denied);
  }
  const auto pseudo = f.change(f.ewa, {{"email", "anna+lis@clinic.example"}});
  REQUIRE_MESSAGE(pseudo, base::describe(pseudo.error()));
  CHECK(f.account(f.ewa).email == "anna+lis@clinic.example");
  CHECK(f.account(f.ewa).email_verified);
  CHECK(f.account(f.ewa).redirects_to_main);
  // Also what is said to the address before goes to the holder.
  CHECK(f.is_named("Ewa Lis"));
  const auto claimed = f.change(f.ewa, {{"email", "stranger@elsewhere.example"}});
  REQUIRE_MESSAGE(claimed, base::describe(claimed.error()));
  CHECK(f.account(f.ewa).email == "anna+lis@clinic.example");  // it stays in force until the other one is proven
  // The owner of the address registers it without hindrance.
  CHECK(f.add_person("stranger", "stranger@elsewhere.example") != base::Id());
  const auto taken = f.change(f.ewa, {{"email", ""}});
  REQUIRE(taken);
  CHECK_FALSE(taken->flaws.empty());
}

TEST_CASE("of two who change a sub account the second is told") {
  Clinic f;
  const std::int64_t seen = f.account(f.ewa).version;
  REQUIRE(f.change(f.ewa, {{"locale", "pl"}}));
  const auto late =
      flow::change_account(*f.house, f.holder(), f.ewa.to_string(), {{{"locale", "de"}}, seen}, f.facts());
  CHECK(late.error().code == conflict);
  CHECK(f.account(f.ewa).locale == "pl");
}
