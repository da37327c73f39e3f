// The deletion of organisations: what stands in the way, what goes, and what stays readable.
#include "flow/tenant/delete_tenant.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "flow/account/delete_account.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/audit/read_audit.hpp"
#include "flow/audit/verify_audit.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/password/administer_policies.hpp"
#include "flow/person_fixture.hpp"
#include "flow/resource/administer_resources.hpp"
#include "flow/tenant/administer_contexts.hpp"
#include "flow/tenant/administer_roles.hpp"
#include "flow/tenant/change_tenant.hpp"
#include "flow/tenant/features.hpp"
#include "store/group/groups.hpp"
#include "store/oauth/resources.hpp"
#include "store/password/policies.hpp"
#include "store/postgres.hpp"
#include "store/tenant/tenants.hpp"

using base::Code;
using testing::PersonFixture;

namespace {

struct Office : PersonFixture {
  explicit Office(const std::string& url = "sqlite::memory:") : PersonFixture(url) {
    clinic = flow::create_tenant(*house, by, {"clinic", ""}, {.name = "Clinic"}, facts()).value();
  }
  base::Id add(const std::string& login, std::string_view tenant, const std::string& context = "user") {
    flow::NewAccount wished = wish(login);
    wished.tenant = tenant;
    wished.contexts = {context};
    return create(wished);
  }
  /// A person of the tenant who may change tenants, logged in.
  rights::Actor steward(const std::string& login, std::string_view tenant) {
    const auto role = flow::RoleWish{.permissions = std::vector<std::string>{"manage_tenants", "read_audit"}};
    REQUIRE(flow::create_role(*house, by, {tenant, "steward"}, role, facts()));
    REQUIRE(flow::create_acting_context(*house, by, {tenant, "steward"}, {.role = "steward"}, facts()));
    add(login, tenant, "steward");
    return actor(log_in(login));
  }
  base::Result<flow::TenantRemains> remove(const std::string& tenant = "clinic") {
    return flow::delete_tenant(*house, by, tenant, facts());
  }
  /// "account jan.nowak, client portal"
  std::string left(const std::string& tenant = "clinic") {
    const auto remains = flow::find_tenant_remains(*house, by, tenant, now).value();
    std::string text;
    for (const flow::LeftInTenant& one : remains.left) {
      text += (text.empty() ? "" : ", ") + std::string(one.kind) + " " + one.name + (one.goes_on ? " …" : "");
    }
    return text;
  }
  bool is_there(const std::string& tenant = "clinic") { return bool(flow::find_tenant_look(*house, by, tenant)); }

  rights::Actor by = operator_actor();
  base::Id clinic;
};

}  // namespace

TEST_CASE("an organisation in which something is left is not deleted, and what is left is named") {
  Office f;
  f.add("jan.nowak", "clinic");
  flow::NewAccount system = f.wish("lab-robot");
  system.kind = identity::AccountKind::client_system;
  system.tenant = "clinic";
  system.given_name = system.family_name = "";
  system.organisation = "Robot";
  REQUIRE_MESSAGE(flow::create_account(*f.house, f.by, system, f.facts()), "a system");
  REQUIRE(flow::create_tenant(*f.house, f.by, {"ward", "clinic"}, {.name = "Ward"}, f.facts()));
  rights::Client client;
  client.client_id = "portal";
  client.name = "Portal";
  client.redirect_uris = {"https://portal.example/callback"};
  client.tenant_id = f.clinic;
  REQUIRE(flow::create_client(*f.house, f.by, client, {}, f.facts()));
  REQUIRE(flow::create_resource(*f.house, f.by, {"clinic", "urn:results"}, {.name = "Results"}, f.facts()));
  const std::string all = f.left();
  CHECK(all == "account jan.nowak, client_system lab-robot, tenant Ward, client portal, resource_server urn:results");
  const auto refused = f.remove();
  REQUIRE(refused);
  CHECK_FALSE(refused->may_go());
  CHECK(f.is_there());
  CHECK(f.events("tenant_delete").empty());

  // Suspended is not gone; erased and deleted are.
  REQUIRE(flow::suspend_account(*f.house, f.by, "jan.nowak", f.facts()));
  CHECK(f.left() == all);
  REQUIRE(flow::delete_account(*f.house, f.by, "jan.nowak", f.facts()));
  REQUIRE(flow::delete_account(*f.house, f.by, "lab-robot", f.facts()));
  REQUIRE(flow::delete_client(*f.house, f.by, "portal", f.facts()));
  REQUIRE(flow::delete_resource(*f.house, f.by, "urn:results", f.facts()));
  CHECK(f.left() == "tenant Ward");
  REQUIRE(f.remove("ward")->may_go());
  CHECK(f.left().empty());
  CHECK(f.remove()->may_go());
  CHECK_FALSE(f.is_there());
}

TEST_CASE("of many accounts that are left five are named, and that there are more") {
  Office f;
  for (int i = 0; i < 7; ++i) f.add("person." + std::to_string(i), "clinic");
  const auto remains = flow::find_tenant_remains(*f.house, f.by, "clinic", f.now).value();
  REQUIRE(remains.left.size() == 5);
  CHECK(remains.left.back().goes_on);
  CHECK_FALSE(remains.left.front().goes_on);
}

TEST_CASE("a policy that another organisation uses, and a rule elsewhere that names its group, keep an organisation") {
  Office f;
  const base::Id other = flow::create_tenant(*f.house, f.by, {"other", ""}, {}, f.facts()).value();
  const base::Id policy = flow::set_policy(*f.house, f.by, {"strict", "nist-800-63b", {}, "clinic"}, f.facts()).value();
  REQUIRE(
      f.store->write([&](store::Tx& tx) { return store::bind_policy(tx, policy, store::PolicyScope::tenant, other); }));
  CHECK(f.left() == "policy strict");
  REQUIRE(f.store->write(
      [&](store::Tx& tx) { return store::unbind_policy(tx, policy, store::PolicyScope::tenant, other); }));
  CHECK(f.left().empty());

  REQUIRE(flow::create_group(*f.house, f.by, {"clinic", "nurses"}, f.facts()));
  REQUIRE(flow::create_resource(*f.house, f.by, {"", "urn:results"}, {.name = "Results"}, f.facts()));
  const base::Id group =
      f.store->read([&](store::Tx& tx) { return store::find_group(tx, f.clinic, "nurses"); }).value().value().id;
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(auto servers, store::list_resource_servers(tx));
    rights::ResourceServer server = servers.front();
    rights::ResourceItem item;
    item.name = "results:read";
    item.rule.groups = {group};
    server.items = {item};
    return store::update_resource_server(tx, server, f.now);
  }));
  CHECK(f.left() == "rule urn:results");
  CHECK_FALSE(f.remove()->may_go());
  REQUIRE(flow::delete_resource(*f.house, f.by, "urn:results", f.facts()));
  CHECK(f.remove()->may_go());
}

TEST_CASE("the first organisation is never deleted, nor the own one by who belongs to it") {
  Office f;
  const auto first = f.remove("main");
  REQUIRE(first);
  CHECK(first->is_first);
  CHECK_FALSE(first->may_go());
  REQUIRE(flow::create_tenant(*f.house, f.by, {"ward", "clinic"}, {}, f.facts()));
  const rights::Actor chief = f.steward("ola.chief", "clinic");
  CHECK(flow::find_tenant_remains(*f.house, chief, "clinic", f.now)->is_own);
  CHECK_FALSE(flow::delete_tenant(*f.house, chief, "clinic", f.facts())->may_go());
  CHECK(flow::delete_tenant(*f.house, chief, "main", f.facts()).error().code == Code::not_found);
  const auto ward = flow::delete_tenant(*f.house, chief, "ward", f.facts());
  REQUIRE(ward);
  CHECK(ward->may_go());
  CHECK_FALSE(f.is_there("ward"));
}

TEST_CASE("without the permission or a fresh proof nothing is deleted and nothing is told") {
  Office f;
  f.add("jan.nowak", "");
  const rights::Actor jan = f.actor(f.log_in("jan.nowak"));
  CHECK(flow::find_tenant_remains(*f.house, jan, "clinic", f.now).error().code == Code::denied);
  CHECK(flow::delete_tenant(*f.house, jan, "clinic", f.facts()).error().code == Code::denied);
  const rights::Actor ada = f.steward("ada.chief", "");
  f.now += std::chrono::minutes(14);
  CHECK(flow::delete_tenant(*f.house, ada, "clinic", f.facts()).error().code == Code::denied);
  CHECK(f.is_there());
}

TEST_CASE("with the organisation its contexts, groups, roles, policies, features and look are gone") {
  Office f;
  REQUIRE(flow::create_group(*f.house, f.by, {"clinic", "nurses"}, f.facts()));
  REQUIRE(flow::create_role(*f.house, f.by, {"clinic", "clerk"}, {.name = "Clerk"}, f.facts()));
  REQUIRE(flow::create_acting_context(*f.house, f.by, {"clinic", "desk"}, {.role = "clerk"}, f.facts()));
  REQUIRE(flow::set_policy(*f.house, f.by, {"strict", "nist-800-63b", {}, "clinic"}, f.facts()));
  REQUIRE(flow::bind_policy(*f.house, f.by, {"strict", store::PolicyScope::group, "nurses", "clinic"}, f.facts()));
  REQUIRE(
      flow::set_feature(*f.house, f.by, {"clinic", flow::Feature::client_systems, flow::FeatureState::off}, f.facts()));
  REQUIRE(flow::change_tenant(*f.house, f.by, "clinic", {.accent = "#0b5cad"}, f.facts()));
  REQUIRE(f.remove()->may_go());
  REQUIRE(f.events("tenant_delete").size() == 1);
  CHECK(f.events("tenant_delete")[0].data.find(R"("tenant":"clinic")") != std::string::npos);
  const std::string id = f.clinic.to_string();
  for (const std::string& named : {std::string("clinic"), id, "deleted:" + id}) {
    CHECK(flow::find_tenant_look(*f.house, f.by, named).error().code == Code::not_found);
    CHECK(flow::list_groups(*f.house, f.by, named).error().code == Code::not_found);
    CHECK(flow::create_tenant(*f.house, f.by, {"below", named}, {}, f.facts()).error().code == Code::not_found);
    flow::NewAccount wished = f.wish("too.late");
    wished.tenant = named;
    CHECK(flow::create_account(*f.house, f.by, wished, f.facts()).error().code == Code::not_found);
    CHECK(flow::change_tenant(*f.house, f.by, named, {.name = "Back"}, f.facts()).error().code == Code::not_found);
    CHECK(f.remove(named).error().code == Code::not_found);
  }
  CHECK(flow::list_tenants(*f.house, f.by)->size() == 1);
  const auto kept = f.store->read([&](store::Tx& tx) { return store::find_tenant(tx, f.clinic); }).value();
  REQUIRE(kept);
  CHECK(kept->settings == "{}");
  CHECK(f.store->read([&](store::Tx& tx) { return store::list_groups(tx, f.clinic); })->empty());
  CHECK(f.store->read([&](store::Tx& tx) { return store::list_policies(tx, f.clinic); })->empty());
  // The key is free again, and the new organisation is another one.
  const auto again = flow::create_tenant(*f.house, f.by, {"clinic", ""}, {}, f.facts());
  REQUIRE(again);
  CHECK(*again != f.clinic);
}

TEST_CASE("what was done in a deleted organisation stays readable for those above, and the chain verifies") {
  Office f;
  REQUIRE(flow::create_group(*f.house, f.by, {"clinic", "nurses"}, f.facts()));
  const rights::Actor ada = f.steward("ada.chief", "");
  REQUIRE(flow::delete_tenant(*f.house, ada, "clinic", f.facts())->may_go());
  const auto deleted = flow::list_deleted_tenants(*f.house, ada).value();
  REQUIRE(deleted.size() == 1);
  CHECK(deleted[0].name == "Clinic");
  flow::AuditQuery query;
  query.tenant = deleted[0].key;
  const auto page = flow::read_audit(*f.house, ada, query, f.facts());
  REQUIRE_MESSAGE(page, base::describe(page.error()));
  REQUIRE(page->rows.size() == 3);
  CHECK(page->rows[0].event.type == "tenant_delete");
  CHECK(page->rows[1].event.type == "group_create");
  CHECK(page->rows[2].event.type == "tenant_create");
  CHECK(flow::verify_audit(*f.house, "")->flaws.empty());
  const auto names = flow::list_tenant_names(*f.house, ada);
  REQUIRE(names);
  for (const auto& one : *names) CHECK(one.id != f.clinic);
}

TEST_CASE("of two administrators who delete an organisation at once, one does and the other finds none") {
  const auto race = [](const std::string& url) {
    Office f(url);
    std::vector<base::Result<flow::TenantRemains>> ends(2, base::fail(Code::internal, "did not run"));
    std::vector<std::thread> threads;
    for (auto& end : ends) threads.emplace_back([&f, &end] { end = f.remove(); });
    for (std::thread& thread : threads) thread.join();
    const bool is_first = ends[0].has_value();
    REQUIRE(ends[is_first ? 0 : 1]);
    CHECK(ends[is_first ? 0 : 1]->may_go());
    REQUIRE_FALSE(ends[is_first ? 1 : 0]);
    CHECK(ends[is_first ? 1 : 0].error().code == Code::not_found);
    CHECK(f.events("tenant_delete").size() == 1);
  };
  SUBCASE("SQLite") {
    race("sqlite::memory:");
  }
  SUBCASE("PostgreSQL") {
    race(postgres::make_place());
  }
}

TEST_CASE("an account that is made while its organisation is deleted is in it, or there is none") {
  const auto race = [](const std::string& url) {
    for (int round = 0; round < 8; ++round) {
      Office f(url);
      base::Result<base::Id> made = base::fail(Code::internal, "did not run");
      base::Result<flow::TenantRemains> gone = base::fail(Code::internal, "did not run");
      flow::NewAccount wished = f.wish("jan.nowak");
      wished.tenant = "clinic";
      std::thread maker([&] { made = flow::create_account(*f.house, f.by, wished, f.facts()); });
      std::thread remover([&] {
        // The making takes the time of a password hash; the deletion comes at another moment of it in each round.
        for (int spin = 0; spin < round * 2; ++spin) (void)f.left();
        gone = f.remove();
      });
      maker.join();
      remover.join();
      REQUIRE(gone);
      CHECK(made.has_value() != gone->may_go());
      if (!made) CHECK(made.error().code == Code::not_found);
      CHECK(f.is_there() == made.has_value());
      if (url != "sqlite::memory:") break;  // one place, one round
    }
  };
  SUBCASE("SQLite") {
    race("sqlite::memory:");
  }
  SUBCASE("PostgreSQL") {
    race(postgres::make_place());
  }
}

TEST_CASE("a login in an organisation wins over its deletion, whichever comes first") {
  Office f;
  const base::Id jan = f.add("jan.nowak", "clinic");
  (void)f.log_in("jan.nowak");
  CHECK_FALSE(f.remove()->may_go());
  REQUIRE(flow::delete_account(*f.house, f.by, jan.to_string(), f.facts()));
  REQUIRE(f.remove()->may_go());
  CHECK_FALSE(flow::login_password(*f.house, {"jan.nowak", base::Secret(Office::password)}, f.facts()));
}
