// Roles of one's own, contexts with them, and tenants below others: who may do what where.
#include "flow/tenant/administer_roles.hpp"

#include <doctest/doctest.h>

#include "flow/account/change_contexts.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/account/unlock_account.hpp"
#include "flow/audit/read_audit.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/password/administer_policies.hpp"
#include "flow/password/find_policy.hpp"
#include "flow/person_fixture.hpp"
#include "flow/tenant/administer_contexts.hpp"
#include "flow/tenant/change_tenant.hpp"

using base::Code;
using testing::PersonFixture;

namespace {

struct Office : PersonFixture {
  rights::Actor by = operator_actor();

  /// An account with one context of this role, logged in.
  rights::Actor holder(const std::string& login, const std::string& role, std::string_view tenant = "") {
    const std::string key = "as-" + role;
    const auto made = flow::create_acting_context(*house, by, {tenant, key}, {.role = role}, facts());
    REQUIRE((made || made.error().code == Code::already_exists));
    add(login, key, tenant);
    return actor(log_in(login));
  }
  base::Id add(const std::string& login, const std::string& context, std::string_view tenant = "") {
    flow::NewAccount wished = wish(login);
    wished.email = login + "@clinic.example";
    wished.contexts = {context};
    wished.tenant = tenant;
    return create(wished);
  }
  base::Result<base::Id> make_role(const rights::Actor& who, const std::string& key,
                                   std::vector<std::string> permissions) {
    return flow::create_role(*house, who, {"", key}, {.permissions = std::move(permissions)}, facts());
  }
};

}  // namespace

TEST_CASE("support unlocks and starts resets, and may neither suspend nor read the audit log") {
  Office f;
  f.add_person("jan", "jan@clinic.example");
  const rights::Actor sue = f.holder("sue", "support");
  CHECK(flow::unlock_account(*f.house, sue, "jan", f.facts()).error().code != Code::denied);
  CHECK(flow::start_reset_for(*f.house, sue, "jan", f.facts()));
  CHECK(flow::search_accounts(*f.house, sue, {}, f.facts()));
  CHECK(flow::suspend_account(*f.house, sue, "jan", f.facts()).error().code == Code::denied);
  CHECK(flow::read_audit(*f.house, sue, {}, f.facts()).error().code == Code::denied);
  CHECK(flow::list_groups(*f.house, sue, ""));
  CHECK(flow::create_group(*f.house, sue, {"", "nurses"}, f.facts()).error().code == Code::denied);
}

TEST_CASE("an auditor sees accounts, events and settings, and changes none of them") {
  Office f;
  f.add_person("jan", "jan@clinic.example");
  const rights::Actor eve = f.holder("eve", "auditor");
  CHECK(flow::search_accounts(*f.house, eve, {}, f.facts()));
  CHECK(flow::read_audit(*f.house, eve, {}, f.facts()));
  CHECK(flow::list_groups(*f.house, eve, ""));
  CHECK(flow::list_own_roles(*f.house, eve, ""));
  CHECK(flow::list_acting_contexts(*f.house, eve, ""));
  CHECK(flow::list_policies(*f.house, eve, ""));
  CHECK(flow::list_tenants(*f.house, eve));
  CHECK(flow::start_reset_for(*f.house, eve, "jan", f.facts()).error().code == Code::denied);
  CHECK(flow::unlock_account(*f.house, eve, "jan", f.facts()).error().code == Code::denied);
  CHECK(flow::create_group(*f.house, eve, {"", "nurses"}, f.facts()).error().code == Code::denied);
  CHECK(f.make_role(eve, "helper", {}).error().code == Code::denied);
  CHECK(flow::create_acting_context(*f.house, eve, {"", "ward"}, {}, f.facts()).error().code == Code::denied);
  CHECK(flow::set_policy(*f.house, eve, {"ward", "classic", {}}, f.facts()).error().code == Code::denied);
  CHECK(flow::change_tenant(*f.house, eve, "", {.name = "Ward"}, f.facts()).error().code == Code::denied);
  CHECK(flow::create_tenant(*f.house, eve, {"lab", ""}, {}, f.facts()).error().code == Code::denied);
}

TEST_CASE("nobody makes, changes or deletes a role or a context with a permission that they do not have") {
  Office f;
  REQUIRE(f.make_role(f.by, "organiser", {"read_accounts", "manage_accounts", "manage_contexts"}));
  REQUIRE(f.make_role(f.by, "reader", {"read_audit"}));
  REQUIRE(f.make_role(f.by, "counter", {"read_accounts"}));
  const rights::Actor ola = f.holder("ola", "organiser");
  CHECK(f.make_role(ola, "clerk", {"read_accounts"}));
  CHECK(f.make_role(ola, "listener", {"read_accounts", "read_audit"}).error().code == Code::denied);
  CHECK(flow::change_role(*f.house, ola, {"", "clerk"}, {.permissions = {{"read_audit"}}}, f.facts()).error().code ==
        Code::denied);
  CHECK(
      flow::change_role(*f.house, ola, {"", "reader"}, {.permissions = {{"read_accounts"}}}, f.facts()).error().code ==
      Code::denied);
  CHECK(flow::delete_role(*f.house, ola, {"", "reader"}, f.facts()).error().code == Code::denied);
  CHECK(flow::delete_role(*f.house, ola, {"", "counter"}, f.facts()));
  const auto context = [&](const char* key, const char* role) {
    return flow::create_acting_context(*f.house, ola, {"", key}, {.role = role}, f.facts());
  };
  CHECK(context("desk", "clerk"));
  CHECK(context("ears", "reader").error().code == Code::denied);
  CHECK(context("boss", "super_administrator").error().code == Code::denied);
  CHECK(context("chief", "account_administrator").error().code == Code::denied);
  // Nor by making an existing context stronger, or weakening or deleting one that is stronger.
  CHECK(flow::change_acting_context(*f.house, ola, {"", "desk"}, {.role = "auditor"}, f.facts()).error().code ==
        Code::denied);
  CHECK(flow::change_acting_context(*f.house, ola, {"", "super_administrator"}, {.role = "user"}, f.facts())
            .error()
            .code == Code::denied);
  CHECK(flow::delete_acting_context(*f.house, ola, {"", "administrator"}, f.facts()).error().code == Code::denied);
  // Nor by giving it away.
  f.add_person("jan", "jan@clinic.example");
  CHECK(flow::add_context(*f.house, ola, {"jan", "desk"}, f.facts()).value());
  CHECK(flow::add_context(*f.house, ola, {"jan", "administrator"}, f.facts()).error().code == Code::denied);
}

TEST_CASE("nobody acts on somebody who may do more, also if it begins only later, nor on himself") {
  Office f;
  REQUIRE(f.make_role(f.by, "clerk", {"read_accounts", "manage_accounts"}));
  const rights::Actor cleo = f.holder("cleo", "clerk");
  f.add("eve", "administrator");
  CHECK(flow::suspend_account(*f.house, cleo, "eve", f.facts()).error().code == Code::denied);
  CHECK(flow::suspend_account(*f.house, cleo, "cleo", f.facts()).error().code == Code::denied);
  const rights::Actor other = f.holder("cora", "clerk");
  CHECK(flow::suspend_account(*f.house, cleo, "cora", f.facts()));  // equal rights
}

TEST_CASE("a role that loses a permission loses it in open sessions, and a role that is used stays") {
  Office f;
  REQUIRE(f.make_role(f.by, "clerk", {"read_accounts", "manage_accounts"}));
  const rights::Actor before = f.holder("cleo", "clerk");
  f.add_person("jan", "jan@clinic.example");
  CHECK(flow::delete_role(*f.house, f.by, {"", "clerk"}, f.facts()).error().code == Code::conflict);
  CHECK(flow::change_role(*f.house, f.by, {"", "clerk"}, {.permissions = {{"read_accounts"}}}, f.facts()).value());
  CHECK(flow::suspend_account(*f.house, before, "jan", f.facts()).error().code == Code::denied);
  CHECK(f.events("role_change").size() == 2);
  CHECK(f.events("role_change")[0].data.find("manage_accounts") != std::string::npos);
}

TEST_CASE("of two administrators who change one role or context the second is refused") {
  Office f;
  REQUIRE(f.make_role(f.by, "clerk", {"read_accounts"}));
  REQUIRE(flow::create_acting_context(*f.house, f.by, {"", "desk"}, {.role = "clerk"}, f.facts()));
  CHECK(flow::change_role(*f.house, f.by, {"", "clerk"}, {.name = "Clerk", .version = 1}, f.facts()).value());
  CHECK(flow::change_role(*f.house, f.by, {"", "clerk"}, {.name = "Other", .version = 1}, f.facts()).error().code ==
        Code::conflict);
  CHECK(flow::change_acting_context(*f.house, f.by, {"", "desk"}, {.name = "Desk", .version = 1}, f.facts()).value());
  CHECK(flow::change_acting_context(*f.house, f.by, {"", "desk"}, {.level = 2, .version = 1}, f.facts()).error().code ==
        Code::conflict);
  CHECK(flow::change_tenant(*f.house, f.by, "", {.name = "Clinic", .version = 1}, f.facts()).value());
  CHECK(flow::change_tenant(*f.house, f.by, "", {.name = "Other", .version = 1}, f.facts()).error().code ==
        Code::conflict);
}

TEST_CASE("what a context or a role may not be is refused at its field") {
  Office f;
  const auto context = [&](const flow::ContextWish& wish) {
    return flow::create_acting_context(*f.house, f.by, {"", "ward"}, wish, f.facts()).error();
  };
  CHECK(context({.role = "nobody"}).reason.starts_with("role"));
  CHECK(context({.methods = {{"telepathy"}}}).reason.starts_with("methods"));
  CHECK(context({.level = 0}).reason.starts_with("level"));
  CHECK(context({.level = 4}).reason.starts_with("level"));
  CHECK(context({.networks = {{"10.0.0.0/33"}}}).reason.starts_with("networks"));
  CHECK(context({.networks = {{"10.0.0.1/8"}}}).reason.starts_with("networks"));
  CHECK(context({.name = " "}).reason.starts_with("name"));
  CHECK(context({.lacks = {{"administer_all"}}}).code == Code::invalid_input);
  CHECK(f.make_role(f.by, "user", {}).error().code == Code::already_exists);
  CHECK(f.make_role(f.by, "Clerk", {}).error().reason.starts_with("key"));
  CHECK(f.make_role(f.by, "clerk", {"administer_all"}).error().code == Code::invalid_input);
  CHECK(f.make_role(f.by, "clerk", {"manage_keys"}).error().code == Code::invalid_input);
  CHECK(flow::change_role(*f.house, f.by, {"", "auditor"}, {.permissions = {{}}}, f.facts()).error().code ==
        Code::invalid_input);
}

TEST_CASE("the last super administrator stays, and nobody locks out the own session by a context") {
  Office f;
  const rights::Actor root = f.holder("root", "super_administrator");
  const flow::ContextOfTenant own{"", "as-super_administrator"};
  CHECK(flow::change_acting_context(*f.house, root, own, {.level = 3}, f.facts()).error().code == Code::conflict);
  CHECK(flow::change_acting_context(*f.house, root, own, {.networks = {{"203.0.113.0/24"}}}, f.facts()).error().code ==
        Code::conflict);
  CHECK(flow::change_acting_context(*f.house, root, own, {.role = "auditor"}, f.facts()).error().code ==
        Code::conflict);
  CHECK(flow::change_acting_context(*f.house, f.by, own, {.role = "auditor"}, f.facts()).error().code ==
        Code::conflict);
  CHECK(flow::delete_acting_context(*f.house, f.by, own, f.facts()).error().code == Code::conflict);
  f.add("second", "super_administrator");
  CHECK(flow::change_acting_context(*f.house, f.by, own, {.role = "auditor"}, f.facts()).value());
}

TEST_CASE("an administrator of a tenant reaches the tenants below it and no others") {
  Office f;
  const auto make = [&](const char* key, const char* parent) {
    return flow::create_tenant(*f.house, f.by, {key, parent}, {}, f.facts());
  };
  REQUIRE(make("clinic", ""));
  REQUIRE(make("lab", "clinic"));
  REQUIRE(make("practice", ""));
  CHECK(make("lab", "").error().code == Code::already_exists);
  CHECK(make("Lab 2", "").error().code == Code::invalid_input);
  CHECK(make("x", "nowhere").error().code == Code::not_found);
  f.add("jan.clinic", "user", "clinic");
  f.add("ola.lab", "user", "lab");
  f.add("ewa.practice", "user", "practice");
  f.add("piotr.main", "user");
  const rights::Actor chief = f.holder("chief", "account_administrator", "clinic");
  for (const char* below : {"jan.clinic", "ola.lab"}) {
    CAPTURE(below);
    CHECK(flow::suspend_account(*f.house, chief, below, f.facts()));
  }
  for (const char* elsewhere : {"ewa.practice", "piotr.main"}) {
    CAPTURE(elsewhere);
    CHECK(flow::suspend_account(*f.house, chief, elsewhere, f.facts()).error().code == Code::not_found);
  }
  CHECK(flow::create_group(*f.house, chief, {"lab", "nurses"}, f.facts()));
  CHECK(flow::create_group(*f.house, chief, {"practice", "nurses"}, f.facts()).error().code == Code::not_found);
  CHECK(flow::create_group(*f.house, chief, {"main", "nurses"}, f.facts()).error().code == Code::not_found);
  CHECK(flow::list_groups(*f.house, chief, "practice").error().code == Code::not_found);
  CHECK(flow::search_accounts(*f.house, chief, {}, f.facts()).value().rows.size() == 3);
  flow::AuditQuery query;
  query.account = "ola.lab";
  CHECK(flow::read_audit(*f.house, chief, query, f.facts()).value().rows.size() == 2);
  query.account = "ewa.practice";
  CHECK(flow::read_audit(*f.house, chief, query, f.facts()).value().rows.empty());
  query = {};
  query.tenant = "practice";
  CHECK(flow::read_audit(*f.house, chief, query, f.facts()).error().code == Code::not_found);
}

TEST_CASE("a tenant begins with its contexts and the policies of the tenant above, which it cannot loosen") {
  Office f;
  REQUIRE(flow::create_tenant(*f.house, f.by, {"lab", ""}, {.name = "Laboratory"}, f.facts()));
  const auto contexts = flow::list_acting_contexts(*f.house, f.by, "lab").value();
  REQUIRE(contexts.size() == 2);
  CHECK(contexts[0].key == "user");
  CHECK(contexts[1].role == "account_administrator");
  const base::Id ola = f.add("ola", "user", "lab");
  const auto shortest = [&] {
    return f.store
        ->read([&](store::Tx& tx) -> base::Result<std::size_t> {
          ASSIGN_OR_RETURN(const auto in_force, flow::find_policy(tx, f.account(ola), f.now));
          return static_cast<std::size_t>(in_force.policy.min_length);
        })
        .value();
  };
  const std::size_t inherited = shortest();
  REQUIRE(flow::set_policy(*f.house, f.by, {"long", "classic", {{"min_length", "21"}}}, f.facts()));
  const flow::PolicyBinding everyone{"long", store::PolicyScope::tenant, ""};
  REQUIRE(flow::bind_policy(*f.house, f.by, everyone, f.facts()));
  CHECK(shortest() == 21);
  flow::PolicyBinding of_lab = everyone;
  of_lab.tenant = "lab";
  CHECK(flow::unbind_policy(*f.house, f.by, of_lab, f.facts()).error().code == Code::not_found);
  REQUIRE(flow::unbind_policy(*f.house, f.by, everyone, f.facts()));
  CHECK(shortest() == inherited);
}
