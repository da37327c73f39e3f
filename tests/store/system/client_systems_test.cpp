// Client systems, their certificates, and what the connector demands.
#include "store/system/client_systems.hpp"

#include <doctest/doctest.h>

#include "store/engines.hpp"
#include "store/sample.hpp"
#include "store/system/connector_settings.hpp"

using sample::noon;
using namespace std::chrono_literals;

namespace {

store::ClientSystem system(std::string id, const base::Id& tenant) {
  store::ClientSystem made;
  made.id = std::move(id);
  made.account_id = base::Id::make(noon);
  made.tenant_id = tenant;
  made.name = "Praxis";
  made.created_at = noon;
  return made;
}

store::SystemCertificate certificate(std::string sha256, std::string system_id, const base::Id& tenant) {
  store::SystemCertificate made;
  made.sha256 = std::move(sha256);
  made.system_id = std::move(system_id);
  made.tenant_id = tenant;
  made.der = std::string("\x30\x00\xff", 3);
  made.subject = "CN=Z1";
  made.issuer = "CN=Issuer";
  made.serial = "1f";
  made.algorithm = "RSA 2048";
  made.not_before = noon;
  made.not_after = noon + 24h;
  made.created_at = noon;
  return made;
}

}  // namespace

TEST_CASE_TEMPLATE("two ids that differ in their case are two client systems, and an id is there once", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const base::Id tenant = base::Id::make(noon);
  const auto add = [&](const char* id) {
    return db->write([&](store::Tx& tx) { return store::insert_client_system(tx, system(id, tenant)); });
  };
  CHECK(add("Z1"));
  CHECK(add("z1"));
  CHECK(add("Z1").error().code == base::Code::already_exists);
  const auto find = [&](const char* id) {
    return db->read([&](store::Tx& tx) { return store::find_client_system(tx, id); }).value();
  };
  CHECK(find("Z1")->id == "Z1");
  CHECK(find("z1")->id == "z1");
  CHECK_FALSE(find("Z1 "));
  CHECK_FALSE(find(""));
  const auto all = db->read([&](store::Tx& tx) { return store::list_client_systems(tx, tenant, 10); }).value();
  CHECK(all.size() == 2);
  const auto of_account =
      db->read([&](store::Tx& tx) { return store::find_client_system_of(tx, find("Z1")->account_id); }).value();
  CHECK(of_account->id == "Z1");
  store::ClientSystem renamed = *find("Z1");
  renamed.name = "Praxis Dr. Wolf";
  const auto rename = [&] {
    return db->write([&](store::Tx& tx) { return store::rename_client_system(tx, renamed); }).value();
  };
  CHECK(rename());
  CHECK_FALSE(rename());  // the version is an older one by now
  CHECK(find("Z1")->name == "Praxis Dr. Wolf");
}

TEST_CASE_TEMPLATE("a certificate is registered once for ever, and its first revocation stays", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const base::Id tenant = base::Id::make(noon);
  const std::string sha256(64, 'a');
  const auto add = [&](const char* id) {
    return db->write(
        [&](store::Tx& tx) { return store::insert_system_certificate(tx, certificate(sha256, id, tenant)); });
  };
  REQUIRE(add("Z1"));
  CHECK(add("Z2").error().code == base::Code::already_exists);
  const auto find = [&] {
    return *db->read([&](store::Tx& tx) { return store::find_system_certificate(tx, sha256); }).value();
  };
  CHECK(find().der == std::string("\x30\x00\xff", 3));
  CHECK(find().is_good(noon));
  CHECK_FALSE(find().is_good(noon - 1ms));
  CHECK_FALSE(find().is_good(noon + 24h));
  const auto revoke = [&](base::Time at, const char* reason) {
    return db
        ->write([&](store::Tx& tx) {
          return store::revoke_system_certificate(tx, sha256, {at, std::nullopt, reason});
        })
        .value();
  };
  CHECK(revoke(noon, "lost"));
  CHECK_FALSE(revoke(noon + 1h, "mistake"));
  CHECK(find().reason == "lost");
  CHECK(find().revoked_at == noon);
  CHECK_FALSE(find().is_good(noon));
  CHECK(add("Z1").error().code == base::Code::already_exists);
  const auto of_tenant =
      db->read([&](store::Tx& tx) { return store::list_certificates_of_tenant(tx, tenant, 10); }).value();
  REQUIRE(of_tenant.size() == 1);
  CHECK(of_tenant.front().der.empty());
}

TEST_CASE_TEMPLATE("settings without a row are the defaults; with one they are read as they were written", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto find = [&] { return db->read([](store::Tx& tx) { return store::find_connector_settings(tx); }).value(); };
  CHECK(find().version == 0);
  CHECK(find().in_force(noon) == store::ConnectorDemands{});
  store::ConnectorSettings settings;
  settings.demands = {false, true, "password", true};
  settings.changed_at = noon;
  settings.back_at = noon + 10min;
  REQUIRE(db->write([&](store::Tx& tx) { return store::put_connector_settings(tx, settings); }));
  CHECK(find().version == 1);
  CHECK(find().demands == settings.demands);
  CHECK(find().is_provisional(noon));
  CHECK(find().in_force(noon + 10min - 1ms) == settings.demands);
  CHECK(find().in_force(noon + 10min) == store::ConnectorDemands{});
  REQUIRE(db->write([&](store::Tx& tx) { return store::put_connector_settings(tx, settings); }));
  CHECK(find().version == 2);
}
