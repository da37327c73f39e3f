#include "flow/group/administer_groups.hpp"

#include <doctest/doctest.h>

#include <set>

#include "flow/account/change_groups.hpp"
#include "flow/account/create_account.hpp"
#include "flow/account/delete_account.hpp"
#include "flow/password/administer_policies.hpp"
#include "flow/password/find_policy.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/proof_settings.hpp"

using testing::PersonFixture;

namespace {

struct Ward : PersonFixture {
  Ward() { anna = add_person("anna", "anna@clinic.example"); }
  base::Result<base::Id> create(std::string_view name) {
    return flow::create_group(*house, operator_actor(), {"", name}, facts());
  }
  base::Result<bool> set(std::string_view group, std::string_view account, bool member) {
    return (member ? flow::add_member : flow::remove_member)(*house, operator_actor(), {group, account}, facts());
  }
  std::int64_t shortest_of(const base::Id& who) {
    return store
        ->read([&](store::Tx& tx) -> base::Result<std::int64_t> {
          ASSIGN_OR_RETURN(const auto account, store::find_account(tx, who));
          ASSIGN_OR_RETURN(const auto in_force, flow::find_policy(tx, *account, now));
          return static_cast<std::int64_t>(in_force.policy.min_length);
        })
        .value();
  }
  base::Id anna;
};

}  // namespace

TEST_CASE("a policy that is bound to a group counts for its members, from the day they join to the day they leave") {
  Ward f;
  REQUIRE(f.create("Nurses"));
  const auto by = f.operator_actor();
  REQUIRE(flow::set_policy(*f.house, by,
                           {"long", "nist-800-63b", {{"min_length", "30"}, {"min_length_with_second_factor", "30"}}},
                           f.facts()));
  REQUIRE(flow::bind_policy(*f.house, by, {"long", store::PolicyScope::group, "NURSES"}, f.facts()));
  const auto before = f.shortest_of(f.anna);
  CHECK(before < 30);
  CHECK(f.set("nurses", "ANNA@clinic.example", true).value());
  CHECK(f.shortest_of(f.anna) == 30);
  CHECK(f.set("nurses", f.anna.to_string(), false).value());
  CHECK(f.shortest_of(f.anna) == before);
}

TEST_CASE("each change of a group is recorded once, with whom it concerns and by whom") {
  Ward f;
  REQUIRE(f.create("Nurses"));
  CHECK(f.set("nurses", "anna", true).value());
  CHECK_FALSE(f.set("nurses", "anna", true).value());
  CHECK(f.set("nurses", "anna", false).value());
  CHECK_FALSE(f.set("nurses", "anna", false).value());
  REQUIRE(f.events("group_create").size() == 1);
  CHECK(f.events("group_create")[0].data == R"({"group":"Nurses"})");
  const auto changes = f.events("group_change");
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].data == R"({"group":"Nurses","change":"removed"})");
  CHECK(changes[1].data == R"({"group":"Nurses","change":"added"})");
  CHECK(changes[1].subject == f.anna);
}

TEST_CASE("what is no name of a group, taken or not there is refused, and nothing is recorded") {
  Ward f;
  REQUIRE(f.create("Ärzte"));
  for (const std::string& name :
       {std::string(), std::string("  "), std::string("all"), std::string("ALL"), std::string("a\nb"),
        std::string("a\u202eb"), std::string(101, 'a'), std::string("a\xff")}) {
    const auto made = f.create(name);
    const bool is_same = name == "a\u202eb";  // an invisible character is folded away
    if (is_same)
      CHECK(made);
    else
      CHECK_MESSAGE((!made && made.error().code == base::Code::invalid_input), name);
  }
  for (const char* name : {"Ärzte", "ÄRZTE", " ärzte ", "A\u0308rzte"}) {
    const auto made = f.create(name);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == base::Code::already_exists);
  }
  CHECK(f.set("porters", "anna", true).error().code == base::Code::not_found);
  CHECK(f.set("all", "anna", true).error().code == base::Code::not_found);
  CHECK(f.set("ärzte", "nobody.there", true).error().code == base::Code::not_found);
  CHECK(f.events("group_create").size() == 2);
  CHECK(f.events("group_change").empty());
}

TEST_CASE("a deleted account joins no group, and leaves those that it was in") {
  Ward f;
  REQUIRE(f.create("nurses"));
  CHECK(f.set("nurses", "anna", true).value());
  REQUIRE(flow::delete_own_account(*f.house, f.actor(f.log_in("anna")), f.facts()));
  CHECK(flow::list_groups(*f.house, f.operator_actor(), "").value()[0].members == 0);
  CHECK(f.set("nurses", f.anna.to_string(), true).error().code == base::Code::conflict);
}

TEST_CASE("whoever manages accounts fills groups with others, after a fresh proof, and whoever may not sees none") {
  Ward f;
  flow::NewAccount wished = f.wish("clerk");
  wished.contexts = {"administrator"};
  f.PersonFixture::create(wished);
  wished = f.wish("root");
  wished.contexts = {"super_administrator"};
  f.PersonFixture::create(wished);
  const auto clerk = f.actor(f.log_in("clerk"));
  const auto root = f.actor(f.log_in("root"));
  const auto anna = f.actor(f.log_in("anna"));
  CHECK(flow::create_group(*f.house, anna, {"", "nurses"}, f.facts()).error().code == base::Code::denied);
  CHECK(flow::list_groups(*f.house, anna, "").error().code == base::Code::denied);
  CHECK(flow::create_group(*f.house, clerk, {"", "nurses"}, f.facts()));
  CHECK(flow::add_member(*f.house, clerk, {"nurses", "clerk"}, f.facts()).error().code == base::Code::denied);
  CHECK(flow::add_member(*f.house, clerk, {"nurses", "root"}, f.facts()).error().code == base::Code::denied);
  CHECK(flow::add_member(*f.house, clerk, {"nurses", "anna"}, f.facts()).value());
  CHECK(flow::add_member(*f.house, root, {"nurses", "clerk"}, f.facts()).value());
  f.now += f.settings.proof.lasts;
  CHECK(flow::remove_member(*f.house, root, {"nurses", "clerk"}, f.facts()).error().reason == "proof_needed");
  const auto first = flow::list_group_members(*f.house, root, {"", "nurses"}, {.most = 1}).value();
  const flow::PageWish on{flow::Turn::next, first.ends.next.value_or(""), 1};
  const auto second = flow::list_group_members(*f.house, root, {"", "nurses"}, on).value();
  REQUIRE(first.rows.size() == 1);
  REQUIRE(second.rows.size() == 1);
  CHECK(std::set{first.rows[0].login, second.rows[0].login} == std::set<std::string>{"anna", "clerk"});
  CHECK(first.ends.count == 2);
  const flow::PageWish back{flow::Turn::last, {}, 1};
  CHECK(flow::list_group_members(*f.house, root, {"", "nurses"}, back).value().rows[0].login == second.rows[0].login);
  CHECK_FALSE(second.ends.next);
}

TEST_CASE("a group keeps its members and policies under a new name, and the second of two is refused") {
  Ward f;
  REQUIRE(f.create("nurses"));
  REQUIRE(f.create("porters"));
  CHECK(f.set("nurses", "anna", true).value());
  const auto by = Ward::operator_actor();
  CHECK(flow::rename_group(*f.house, by, {"", "nurses"}, {"nurses", "Carers"}, f.facts()).value());
  CHECK_FALSE(flow::rename_group(*f.house, by, {"", "carers"}, {"", " Carers "}, f.facts()).value());
  CHECK(flow::rename_group(*f.house, by, {"", "carers"}, {"nurses", "x"}, f.facts()).error().code ==
        base::Code::conflict);
  CHECK(flow::rename_group(*f.house, by, {"", "carers"}, {"", "Porters"}, f.facts()).error().code ==
        base::Code::already_exists);
  CHECK(flow::rename_group(*f.house, by, {"", "carers"}, {"", "all"}, f.facts()).error().code ==
        base::Code::invalid_input);
  CHECK(flow::list_group_members(*f.house, by, {"", "carers"}, {}).value().rows.size() == 1);
  CHECK(f.events("group_change").front().data == R"({"group":"nurses","change":"renamed","new":"Carers"})");
  CHECK(f.events("group_change").size() == 2);
}

TEST_CASE("a group is shown as its name was typed and found by any spelling of it") {
  Ward f;
  REQUIRE(f.create("Recepcja Ł"));
  CHECK(f.create("recepcja ł").error().code == base::Code::already_exists);
  const auto by = Ward::operator_actor();
  const auto shown = [&] { return flow::list_groups(*f.house, by, "").value().front().name; };
  CHECK(shown() == "Recepcja Ł");
  CHECK(f.set("RECEPCJA Ł", "anna", true).value());
  CHECK(f.events("group_change").front().data == R"({"group":"Recepcja Ł","change":"added"})");
  CHECK(flow::list_groups_of(*f.house, by, "anna", f.now).value() == std::vector<std::string>{"Recepcja Ł"});
  CHECK(flow::rename_group(*f.house, by, {"", "recepcja ł"}, {"Recepcja Ł", "RECEPCJA Ł"}, f.facts()).value());
  CHECK(shown() == "RECEPCJA Ł");
  CHECK_FALSE(flow::rename_group(*f.house, by, {"", "recepcja ł"}, {"", "RECEPCJA Ł"}, f.facts()).value());
}

TEST_CASE("a group's name with invisible characters is shown without them") {
  Ward f;
  REQUIRE(f.create("Nur\u202Eses"));
  CHECK(flow::list_groups(*f.house, Ward::operator_actor(), "").value().front().name == "nurses");
}

TEST_CASE("a group is deleted only when no policy is bound to it") {
  Ward f;
  REQUIRE(f.create("nurses"));
  CHECK(f.set("nurses", "anna", true).value());
  const auto by = Ward::operator_actor();
  const flow::PolicyBinding binding{"ward", store::PolicyScope::group, "nurses"};
  REQUIRE(flow::set_policy(*f.house, by, {"ward", "classic", {}}, f.facts()));
  REQUIRE(flow::bind_policy(*f.house, by, binding, f.facts()));
  const auto refused = flow::delete_group(*f.house, by, {"", "Nurses"}, f.facts());
  CHECK(refused.error().code == base::Code::conflict);
  CHECK(refused.error().reason.find("ward") != std::string::npos);
  CHECK(f.events("group_delete").empty());
  REQUIRE(flow::unbind_policy(*f.house, by, binding, f.facts()));
  CHECK(flow::delete_group(*f.house, by, {"", "Nurses"}, f.facts()));
  CHECK(flow::list_groups(*f.house, by, "").value().empty());
  CHECK(flow::delete_group(*f.house, by, {"", "nurses"}, f.facts()).error().code == base::Code::not_found);
  CHECK(f.events("group_delete").size() == 1);
}
