#include "flow/account/change_contexts.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "flow/account/create_account.hpp"
#include "flow/account/main_account.hpp"
#include "flow/account/sub_accounts.hpp"
#include "flow/audit/read_audit.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/proof_settings.hpp"
#include "store/account/contexts.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

struct Desk : PersonFixture {
  Desk() {
    root = add("root", {"super_administrator"});
    boss = add("boss", {"administrator"});
    jan = add_person("jan", "jan@clinic.example");
  }
  base::Id add(const std::string& login, std::vector<std::string> contexts) {
    flow::NewAccount wished = wish(login);
    wished.contexts = std::move(contexts);
    return create(wished);
  }
  base::Result<bool> give(const rights::Actor& by, std::string_view account, std::string_view context) {
    return flow::add_context(*house, by, {account, context}, facts());
  }
  base::Result<bool> take(const rights::Actor& by, std::string_view account, std::string_view context) {
    return flow::remove_context(*house, by, {account, context}, facts());
  }
  std::string contexts_of(const base::Id& id) {
    const auto found = store->read([&](store::Tx& tx) { return store::list_contexts(tx, id, now); }).value();
    std::vector<std::string> sorted;
    for (const auto& one : found) sorted.push_back(one.key);
    std::sort(sorted.begin(), sorted.end());
    std::string all;
    for (const auto& key : sorted) all.append(all.empty() ? "" : " ").append(key);
    return all;
  }
  std::string detail(const audit::Event& event, const std::string& wanted) {
    for (const auto& [name, value] : flow::audit_details(event)) {
      if (name == wanted) return value;
    }
    return {};
  }
  base::Id root;
  base::Id boss;
  base::Id jan;
};

}  // namespace

TEST_CASE("a context that is given and taken away is recorded with what was before and after") {
  Desk f;
  CHECK(f.give(f.operator_actor(), "jan", "administrator").value());
  CHECK(f.contexts_of(f.jan) == "administrator user");
  CHECK(f.take(f.operator_actor(), "jan@clinic.example", "user").value());
  CHECK(f.contexts_of(f.jan) == "administrator");
  const auto events = f.events("context_change");
  REQUIRE(events.size() == 2);
  CHECK(f.detail(events[1], "old") == "user");
  CHECK(f.detail(events[1], "new") == "administrator user");
  CHECK(f.detail(events[0], "old") == "administrator user");
  CHECK(f.detail(events[0], "new") == "administrator");
  CHECK(events[0].subject == f.jan);
  CHECK(f.take(f.operator_actor(), "jan", "administrator").value());
  CHECK(f.contexts_of(f.jan).empty());
  CHECK(f.give(f.operator_actor(), "jan", "user").value());
  CHECK(f.contexts_of(f.jan) == "user");
}

TEST_CASE("what is so already is not recorded again") {
  Desk f;
  CHECK_FALSE(f.give(f.operator_actor(), "jan", "user").value());
  CHECK_FALSE(f.take(f.operator_actor(), "jan", "administrator").value());
  CHECK(f.events("context_change").empty());
}

TEST_CASE("a session that acts in a context that is taken away ends at once, the others go on") {
  Desk f;
  REQUIRE(f.give(f.operator_actor(), "jan", "administrator").value());
  const auto choose = [&](const std::string& context) {
    const std::string cookie = f.log_in("jan");
    const auto visitor = flow::find_visitor(*f.house, cookie, f.facts()).value();
    return std::string(flow::choose_context(*f.house, visitor, context, f.facts()).value().reveal());
  };
  const std::string as_administrator = choose("administrator");
  const std::string as_user = choose("user");
  REQUIRE(f.take(f.operator_actor(), "jan", "administrator").value());
  CHECK(flow::find_visitor(*f.house, as_administrator, f.facts())->session() == nullptr);
  CHECK(f.actor(as_user).context().key == "user");
  REQUIRE(f.events("session_end").size() == 1);
  CHECK(f.detail(f.events("session_end").front(), "why") == "context_taken");
}

TEST_CASE("nobody gives more rights than they have, touches who has more, or changes the own ones") {
  Desk f;
  const auto boss = f.actor(f.log_in("boss"));
  CHECK(f.give(boss, "jan", "administrator").value());
  CHECK(f.give(boss, "jan", "super_administrator").error().code == base::Code::denied);
  CHECK(f.take(boss, "root", "super_administrator").error().code == base::Code::denied);
  CHECK(f.give(boss, "root", "user").error().code == base::Code::denied);
  CHECK(f.give(boss, "boss", "user").error().code == base::Code::denied);
  CHECK(f.take(boss, "boss", "administrator").error().code == base::Code::denied);
  f.add_person("ewa", "ewa@clinic.example");
  const auto ewa = f.actor(f.log_in("ewa"));
  CHECK(f.give(ewa, "boss", "user").error().code == base::Code::denied);
  CHECK(flow::list_held_contexts(*f.house, ewa, "boss", f.now).error().code == base::Code::denied);
  CHECK(f.contexts_of(f.root) == "super_administrator");
  CHECK(f.contexts_of(f.boss) == "administrator");
  CHECK(f.events("context_change").size() == 1);
}

TEST_CASE("the last super administrator stays one") {
  Desk f;
  CHECK(f.take(f.operator_actor(), "root", "super_administrator").error().code == base::Code::conflict);
  REQUIRE(f.give(f.operator_actor(), "boss", "super_administrator").value());
  CHECK(f.take(f.operator_actor(), "root", "super_administrator").value());
  CHECK(f.take(f.operator_actor(), "boss", "super_administrator").error().code == base::Code::conflict);
}

TEST_CASE("a context is given and taken away with a fresh proof only") {
  Desk f;
  const auto root = f.actor(f.log_in("root"));
  f.now += f.settings.proof.lasts;
  CHECK(f.give(root, "jan", "administrator").error().reason == "proof_needed");
  CHECK(f.take(root, "jan", "user").error().reason == "proof_needed");
  CHECK(f.contexts_of(f.jan) == "user");
}

TEST_CASE("an unknown context or account is named in the refusal") {
  Desk f;
  const auto no_context = f.give(f.operator_actor(), "jan", "emperor");
  CHECK(no_context.error().code == base::Code::not_found);
  CHECK(no_context.error().reason == "there is no context emperor");
  CHECK(f.give(f.operator_actor(), "nobody", "user").error().code == base::Code::not_found);
  CHECK(f.take(f.operator_actor(), "jan", "emperor").error().code == base::Code::not_found);
}

TEST_CASE("the record of a new account names the contexts that it was given") {
  Desk f;
  REQUIRE(f.add("ada", {"user", "super_administrator"}) != base::Id());
  const auto event = f.events("account_create").front();
  CHECK(f.detail(event, "kind") == "employee");
  CHECK(f.detail(event, "contexts") == "user super_administrator");
  REQUIRE(flow::appoint_main_account(*f.house, f.operator_actor(), "jan", f.facts()));
  const auto made = flow::create_sub_account(*f.house, f.actor(f.log_in("jan")),
                                             {"sales", "Sales", "", "sales@clinic.example", false}, f.facts());
  REQUIRE_MESSAGE(made, base::describe(made.error()));
  const auto sub = f.events("account_create").front();
  CHECK(f.detail(sub, "contexts") == "user");
  CHECK(f.detail(sub, "main_account") == f.jan.to_string());
}

TEST_CASE("a context is given for a time: it opens when it begins, closes when it ends, and the event says when") {
  Desk f;
  const auto day = std::chrono::hours(24);
  const base::Time begin = f.now + day;
  const base::Time end = f.now + day * 3;
  const auto give = [&](flow::TermWish term) {
    return flow::add_context(*f.house, f.operator_actor(), {"jan", "administrator", term}, f.facts());
  };
  CHECK(give({begin, end}).value());
  CHECK_FALSE(give({begin, end}).value());
  CHECK(f.contexts_of(f.jan) == "user");
  const auto event = f.events("context_change").front();
  CHECK(f.detail(event, "context") == "administrator");
  CHECK(f.detail(event, "new") == "administrator user");
  CHECK(f.detail(event, "from") == base::to_rfc3339(begin));
  CHECK(f.detail(event, "until") == base::to_rfc3339(end));
  const auto held = flow::list_held_contexts(*f.house, f.operator_actor(), "jan", f.now).value();
  REQUIRE(held.size() == 2);
  f.now = begin;
  CHECK(f.contexts_of(f.jan) == "administrator user");
  f.now = end;
  CHECK(f.contexts_of(f.jan) == "user");
  // What has ended is given anew.
  CHECK(give({}).value());
  CHECK(f.contexts_of(f.jan) == "administrator user");
}

TEST_CASE("a term that ends before it begins, or has ended, is refused, and the one that was there stays") {
  Desk f;
  const auto day = std::chrono::hours(24);
  const auto give = [&](flow::TermWish term) {
    return flow::add_context(*f.house, f.operator_actor(), {"jan", "user", term}, f.facts());
  };
  CHECK(give({std::nullopt, f.now - day}).error().code == base::Code::invalid_input);
  CHECK(give({f.now + day * 2, f.now + day}).error().code == base::Code::invalid_input);
  CHECK(f.contexts_of(f.jan) == "user");
  CHECK(f.events("context_change").empty());
}

TEST_CASE("a session in a context that begins later now, or whose time is over, is open no more") {
  Desk f;
  const auto day = std::chrono::hours(24);
  const auto give = [&](flow::TermWish term) {
    return flow::add_context(*f.house, f.operator_actor(), {"jan", "user", term}, f.facts());
  };
  const std::string first = f.log_in("jan");
  REQUIRE(give({f.now + day, std::nullopt}).value());
  CHECK(flow::find_visitor(*f.house, first, f.facts())->session() == nullptr);
  REQUIRE(give({f.now, f.now + std::chrono::minutes(5)}).value());
  const std::string second = f.log_in("jan");
  CHECK(f.actor(second).context().key == "user");
  f.now += std::chrono::minutes(5);
  CHECK_FALSE(flow::find_visitor(*f.house, second, f.facts())->actor);
}

TEST_CASE("the last super administrator without an end gets none, and one whose time ends is no other one") {
  Desk f;
  const auto day = std::chrono::hours(24);
  const auto super = [&](std::string_view account, flow::TermWish term) {
    return flow::add_context(*f.house, f.operator_actor(), {account, "super_administrator", term}, f.facts());
  };
  REQUIRE(super("jan", {std::nullopt, f.now + day}).value());
  CHECK(super("root", {std::nullopt, f.now + day}).error().code == base::Code::conflict);
  CHECK(super("root", {f.now + day, std::nullopt}).error().code == base::Code::conflict);
  CHECK(f.take(f.operator_actor(), "root", "super_administrator").error().code == base::Code::conflict);
  REQUIRE(super("jan", {}).value());
  CHECK(super("root", {std::nullopt, f.now + day}).value());
}

TEST_CASE("a context that has not begun is taken away too") {
  Desk f;
  REQUIRE(flow::add_context(*f.house, f.operator_actor(),
                            {"jan", "administrator", flow::TermWish{f.now + std::chrono::hours(24), std::nullopt}},
                            f.facts()));
  CHECK(f.take(f.operator_actor(), "jan", "administrator").value());
  f.now += std::chrono::hours(48);
  CHECK(f.contexts_of(f.jan) == "user");
}
