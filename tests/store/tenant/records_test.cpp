// Clients, signing keys, the outbox, tenants.
#include <doctest/doctest.h>

#include "store/engines.hpp"
#include "store/message/outbox.hpp"
#include "store/oauth/keys.hpp"
#include "store/sample.hpp"

using sample::noon;
using namespace std::chrono_literals;

TEST_CASE_TEMPLATE("a client is read as it was written, and edited by one person at a time", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto tenant = db->read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value();
  auto client = sample::client_of(tenant.id, "portal");
  client.description = "Zażółć \"gęślą\" jaźń";
  client.require_pkce = false;
  CHECK(db->write([&](store::Tx& tx) { return store::insert_client(tx, client, noon); }));
  const auto find = [&] { return db->read([&](store::Tx& tx) { return store::find_client(tx, "portal"); }).value(); };
  REQUIRE(find());
  CHECK(find()->id == client.id);
  CHECK(find()->description == client.description);
  CHECK(find()->redirect_uris == client.redirect_uris);
  CHECK(find()->scopes == client.scopes);
  CHECK(find()->grants == client.grants);
  CHECK_FALSE(find()->require_pkce);
  REQUIRE(find()->secrets.size() == 2);
  CHECK(find()->secrets[0].hash == client.secrets[0].hash);
  CHECK_FALSE(find()->secrets[0].not_after);
  CHECK(find()->secrets[1].not_after == noon);
  CHECK(db->read([&](store::Tx& tx) { return store::find_client(tx, client.id); }).value()->client_id == "portal");

  auto edited = *find();
  edited.name = "Other";
  CHECK(db->write([&](store::Tx& tx) { return store::update_client(tx, edited, noon); }));
  CHECK(find()->name == "Other");
  const auto late = db->write([&](store::Tx& tx) { return store::update_client(tx, edited, noon); });
  CHECK(late.error().code == base::Code::conflict);
  edited.id = base::Id::make(noon);
  const auto unknown = db->write([&](store::Tx& tx) { return store::update_client(tx, edited, noon); });
  CHECK(unknown.error().code == base::Code::not_found);
  const auto twice = db->write([&](store::Tx& tx) { return store::insert_client(tx, edited, noon); });
  CHECK(twice.error().code == base::Code::already_exists);
  CHECK(db->read([](store::Tx& tx) { return store::list_clients(tx); }).value().size() == 1);
}

TEST_CASE_TEMPLATE("a signing key moved to another name cannot be opened", E, ON_BOTH_ENGINES) {
  const typename E::Place place;
  {
    const auto db = engines::open_or_fail({.url = place.url()});
    CHECK(db->write([](store::Tx& tx) {
      return store::insert_signing_key(tx, {"kid-1", "ES256", base::Secret("private"), "active", noon});
    }));
    CHECK(db->write([](store::Tx& tx) { return store::set_key_state(tx, "kid-1", "retiring", noon); }));
    const auto keys = db->read([](store::Tx& tx) { return store::list_signing_keys(tx); }).value();
    REQUIRE(keys.size() == 1);
    CHECK(keys[0].pkcs8.reveal() == "private");
    CHECK(keys[0].state == "retiring");
  }
  place.execute("UPDATE signing_key SET kid = 'kid-2'");
  const auto db = engines::open_or_fail({.url = place.url()});
  CHECK(db->read([](store::Tx& tx) { return store::list_signing_keys(tx); }).error().code == base::Code::internal);
}

TEST_CASE_TEMPLATE("a message is leased, tried again, delivered or given up", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto tenant = db->read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value();
  store::OutboxItem item;
  item.id = base::Id::make(noon);
  item.tenant_id = tenant.id;
  item.kind = "logout";
  item.payload = R"({"token":"…"})";
  item.next_at = item.created_at = noon;
  auto other = item;
  other.id = base::Id::make(noon + 1ms);
  const auto take = [&](base::Time at) {
    return db->write([&](store::Tx& tx) { return store::take_due_outbox(tx, "logout", at, at + 1min, 10); }).value();
  };
  const auto next_due = [&] { return db->read([](store::Tx& tx) { return store::find_next_due(tx); }).value(); };
  CHECK_FALSE(next_due());
  CHECK(db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::insert_outbox(tx, item));
    return store::insert_outbox(tx, other);
  }));
  CHECK(next_due() == noon);
  CHECK(take(noon - 1ms).empty());
  const auto is_due = [&](const std::string& kind, base::Time at) {
    return db->read([&](store::Tx& tx) { return store::is_kind_due(tx, kind, at); }).value();
  };
  CHECK_FALSE(is_due("logout", noon - 1ms));
  CHECK(is_due("logout", noon));
  CHECK_FALSE(is_due("mail", noon));
  CHECK(db->write([&](store::Tx& tx) { return store::take_due_outbox(tx, "mail", noon, noon + 1min, 10); })
            .value()
            .empty());
  const auto taken = take(noon);
  REQUIRE(taken.size() == 2);
  CHECK(taken[0].payload == item.payload);
  CHECK(take(noon + 1s).empty());  // leased
  CHECK(next_due() == noon + 1min);
  CHECK(db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::finish_outbox(tx, item.id, "", noon + 2s));
    return store::postpone_outbox(tx, other.id, noon + 10s, "refused");
  }));
  CHECK(db->write([&](store::Tx& tx) { return store::put_off_outbox(tx, other.id, noon + 9s, ""); }));
  CHECK(next_due() == noon + 9s);
  const auto again = take(noon + 10s);
  REQUIRE(again.size() == 1);
  CHECK(again[0].tries == 1);
  CHECK(again[0].last_error == "refused");
  CHECK(db->write([&](store::Tx& tx) { return store::postpone_outbox(tx, other.id, std::nullopt, "refused"); }));
  CHECK_FALSE(next_due());
  const auto all = db->read([](store::Tx& tx) { return store::list_outbox(tx, 10); }).value();
  REQUIRE(all.size() == 2);
  CHECK(all[0].state == "failed");
  CHECK(all[0].tries == 2);
  CHECK(all[1].state == "delivered");
  CHECK(all[1].payload.empty());
}

TEST_CASE_TEMPLATE("a tenant is found with those below it, at any depth, and its key is taken once", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto first = db->read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value();
  CHECK(first.key == "main");
  std::vector<base::Id> ids;
  const auto add = [&](const char* key, const base::Id& parent) {
    store::Tenant made;
    made.id = base::Id::make(noon);
    made.name = made.key = key;
    made.settings = "{}";
    made.parent_id = parent;
    ids.push_back(made.id);
    return db->write([&](store::Tx& tx) { return store::insert_tenant(tx, made); });
  };
  REQUIRE(add("clinic", first.id));
  CHECK(db->read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value().id == first.id);
  REQUIRE(add("practice", first.id));
  REQUIRE(add("lab", ids[0]));
  CHECK(add("lab", first.id).error().code == base::Code::already_exists);
  const auto keys_from = [&](const base::Id& id) {
    std::string keys;
    const auto found = db->read([&](store::Tx& tx) { return store::list_tenants_from(tx, id); }).value();
    for (const auto& one : found) keys += one.key + " ";
    return keys;
  };
  CHECK(keys_from(first.id).size() == std::string_view("main clinic practice lab ").size());
  CHECK(keys_from(ids[0]).size() == std::string_view("clinic lab ").size());
  CHECK(keys_from(ids[2]) == "lab ");
  CHECK(db->read([&](store::Tx& tx) { return store::list_tenant_ids_from(tx, ids[0]); }).value().size() == 2);
  CHECK(db->read([&](store::Tx& tx) { return store::find_tenant_by_key(tx, "lab"); }).value()->parent_id == ids[0]);
  CHECK_FALSE(db->read([&](store::Tx& tx) { return store::find_tenant_by_key(tx, ""); }).value());
}

TEST_CASE_TEMPLATE("tenants and marks are kept", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  auto tenant = db->read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value();
  tenant.name = "Clinic";
  tenant.settings = R"({"brand":{"name":"Clinic"}})";
  CHECK(db->write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const bool is_written, store::update_tenant(tx, tenant));
    CHECK(is_written);
    ASSIGN_OR_RETURN(const bool is_written_again, store::update_tenant(tx, tenant));
    CHECK_FALSE(is_written_again);  // the version is another one
    RETURN_IF_ERROR(store::set_mark(tx, "demo", "0"));
    return store::set_mark(tx, "demo", "1");
  }));
  CHECK(db->read([&](store::Tx& tx) { return store::find_tenant(tx, tenant.id); }).value()->settings ==
        tenant.settings);
  CHECK(db->read([](store::Tx& tx) { return store::find_mark(tx, "demo"); }).value() == "1");
  CHECK_FALSE(db->read([](store::Tx& tx) { return store::find_mark(tx, "none"); }).value());
}
