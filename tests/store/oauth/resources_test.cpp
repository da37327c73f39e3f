#include "store/oauth/resources.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "store/engines.hpp"
#include "store/sample.hpp"
#include "store/tenant/tenants.hpp"

using sample::noon;

namespace {

rights::ResourceServer make_server(const base::Id& tenant, const std::string& identifier) {
  rights::ResourceServer server;
  server.id = base::Id::make(noon);
  server.tenant_id = tenant;
  server.identifier = identifier;
  server.client_id = base::Id::make(noon);
  server.name = "Results";
  server.name_de = "Befunde";
  server.name_pl = "Wyniki badań";
  server.description = "Results of the \"laboratory\"";
  server.enabled = false;
  server.for_tenants_below = true;
  rights::ResourceItem scope;
  scope.name = "results:read";
  scope.title = "Read results";
  scope.title_de = "Befunde lesen";
  scope.title_pl = "Odczyt wyników";
  scope.rule = {.is_for_all = true};
  rights::ResourceItem permission;
  permission.kind = rights::ItemKind::permission;
  permission.name = "results.correct";
  permission.scope = "results:read";
  permission.rule = {.account_kinds = {identity::AccountKind::employee, identity::AccountKind::client_system},
                     .contexts = {"administrator"},
                     .groups = {base::Id::make(noon), base::Id::make(noon)},
                     .clients = {base::Id::make(noon)}};
  rights::ResourceItem role;
  role.kind = rights::ItemKind::role;
  role.name = "head";
  role.permissions = {"results.correct"};
  server.items = {scope, permission, role};
  return server;
}

}  // namespace

TEST_CASE_TEMPLATE("a resource server comes back with all its items and rules", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const base::Id tenant = sample::add_account(*db, "anna").value().tenant_id;
  const rights::ResourceServer made = make_server(tenant, "https://results.example.org/");
  REQUIRE(db->write([&](store::Tx& tx) { return store::insert_resource_server(tx, made, noon); }));
  const auto found = db->read([&](store::Tx& tx) { return store::find_resource_server(tx, made.identifier); }).value();
  REQUIRE(found);
  CHECK(found->id == made.id);
  CHECK(found->tenant_id == tenant);
  CHECK(found->client_id == made.client_id);
  CHECK(found->name == "Results");
  CHECK(found->name_de == "Befunde");
  CHECK(found->name_pl == "Wyniki badań");
  CHECK(found->description == made.description);
  CHECK_FALSE(found->enabled);
  CHECK(found->for_tenants_below);
  CHECK(found->items == made.items);
  CHECK(found->created_at == noon);
  const auto of_client =
      db->read([&](store::Tx& tx) { return store::list_resource_servers_of(tx, *made.client_id); }).value();
  CHECK(of_client.size() == 1);
  CHECK(db->read([&](store::Tx& tx) { return store::list_resource_servers_of(tx, made.id); }).value().empty());
  CHECK_FALSE(
      db->read([&](store::Tx& tx) { return store::find_resource_server(tx, "https://other.example.org/"); }).value());
}

TEST_CASE_TEMPLATE("an identifier is taken once, and two changes of one state do not both succeed", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const base::Id tenant = sample::add_account(*db, "anna").value().tenant_id;
  rights::ResourceServer one = make_server(tenant, "urn:example:results");
  const auto insert = [&](const rights::ResourceServer& server) {
    return db->write([&](store::Tx& tx) { return store::insert_resource_server(tx, server, noon); });
  };
  const auto update = [&](const rights::ResourceServer& server) {
    return db->write([&](store::Tx& tx) { return store::update_resource_server(tx, server, noon); });
  };
  REQUIRE(insert(one));
  CHECK(insert(make_server(tenant, "urn:example:results")).error().code == base::Code::already_exists);
  one.items.clear();
  one.client_id.reset();
  REQUIRE(update(one));
  CHECK(update(one).error().code == base::Code::conflict);
  const auto stored = db->read([&](store::Tx& tx) { return store::find_resource_server(tx, one.id); }).value();
  REQUIRE(stored);
  CHECK(stored->version == one.version + 1);
  CHECK(stored->items.empty());
  CHECK_FALSE(stored->client_id);
  const auto remove = [&] {
    return db->write([&](store::Tx& tx) { return store::delete_resource_server(tx, one.id); });
  };
  REQUIRE(remove());
  CHECK(remove().error().code == base::Code::not_found);
  CHECK(update(*stored).error().code == base::Code::not_found);
  CHECK(insert(make_server(tenant, "urn:example:results")));
}

TEST_CASE_TEMPLATE("a tenant has its own resource servers, and those from above that are for it", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const base::Id top = sample::add_account(*db, "anna").value().tenant_id;
  store::Tenant below;
  below.id = base::Id::make(noon);
  below.name = "Ward";
  below.settings = "{}";
  below.key = "ward";
  below.parent_id = top;
  REQUIRE(db->write([&](store::Tx& tx) { return store::insert_tenant(tx, below); }));
  rights::ResourceServer closed = make_server(top, "urn:example:closed");
  closed.for_tenants_below = false;
  const rights::ResourceServer open = make_server(top, "urn:example:open");
  const rights::ResourceServer own = make_server(below.id, "urn:example:own");
  REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
    for (const rights::ResourceServer& one : {closed, open, own}) {
      RETURN_IF_ERROR(store::insert_resource_server(tx, one, noon));
    }
    return {};
  }));
  const auto identifiers = [&](const auto& list) {
    std::vector<std::string> all;
    const auto servers = db->read(list).value();
    for (const rights::ResourceServer& server : servers) all.push_back(server.identifier);
    std::sort(all.begin(), all.end());
    return all;
  };
  using Words = std::vector<std::string>;
  CHECK(identifiers([&](store::Tx& tx) { return store::list_resource_servers_for(tx, below.id); }) ==
        Words{"urn:example:open", "urn:example:own"});
  CHECK(identifiers([&](store::Tx& tx) { return store::list_resource_servers_for(tx, top); }) ==
        Words{"urn:example:closed", "urn:example:open"});
  CHECK(identifiers([&](store::Tx& tx) { return store::list_resource_servers(tx, below.id); }) ==
        Words{"urn:example:own"});
  CHECK(identifiers([](store::Tx& tx) { return store::list_resource_servers(tx); }).size() == 3);
}
