// The end of an account, and how administrators find accounts.
#include <doctest/doctest.h>

#include "rights/role.hpp"
#include "store/account/account_erasure.hpp"
#include "store/account/account_search.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/account/statistics.hpp"
#include "store/engines.hpp"
#include "store/oauth/clients.hpp"
#include "store/oauth/grants.hpp"
#include "store/sample.hpp"
#include "store/session/devices.hpp"
#include "store/session/sessions.hpp"

using sample::noon;
using namespace std::chrono_literals;

namespace {

std::optional<identity::Account> find(store::Store& db, const base::Id& id) {
  return db.read([&](store::Tx& tx) { return store::find_account(tx, id); }).value();
}

rights::ActingContext add_context(store::Store& db, const base::Id& tenant, std::string_view role) {
  rights::ActingContext context;
  context.id = base::Id::make(noon);
  context.tenant_id = tenant;
  context.key = role;
  context.name = context.key;
  context.role = role;
  REQUIRE(db.write([&](store::Tx& tx) { return store::insert_context(tx, context); }));
  return context;
}

}  // namespace

TEST_CASE_TEMPLATE("an erased account is an anonymous row, and its names are free again", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  CHECK(db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::insert_device(tx, {base::Id::make(noon), anna.id, std::string(32, 'd'), "x", noon, noon}));
    RETURN_IF_ERROR(store::record_login(tx, anna.id, "own", true, "192.0.2.7", noon));
    RETURN_IF_ERROR(store::set_locale(tx, anna.id, "pl"));
    return store::erase_account(tx, anna.id);
  }));
  const auto left = find(*db, anna.id);
  REQUIRE(left);
  CHECK(left->tenant_id == anna.tenant_id);
  CHECK(left->login.empty());
  CHECK(left->given_name.empty());
  CHECK(left->locale.empty());
  CHECK_FALSE(left->person_id);
  CHECK(db->read([&](store::Tx& tx) { return store::list_devices(tx, anna.id); }).value().empty());
  CHECK_FALSE(db->read([&](store::Tx& tx) { return store::find_statistics(tx, anna.id, "own"); }).value().last_success);
  CHECK(sample::add_account(*db, "anna"));
  const auto unknown = db->write([&](store::Tx& tx) { return store::erase_account(tx, base::Id::make(noon)); });
  CHECK(unknown.error().code == base::Code::not_found);
}

TEST_CASE_TEMPLATE("the person's names stay as long as another account needs them", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  auto second = sample::account_of(anna.tenant_id);
  second.kind = identity::AccountKind::recipient;
  second.person_id = find(*db, anna.id)->person_id;
  REQUIRE(second.person_id);
  CHECK(db->write([&](store::Tx& tx) { return store::insert_account(tx, second); }));
  CHECK(db->write([&](store::Tx& tx) { return store::erase_account(tx, anna.id); }));
  CHECK(find(*db, anna.id)->family_name.empty());
  CHECK(find(*db, second.id)->family_name == "Kowalska");
  CHECK(db->write([&](store::Tx& tx) { return store::erase_account(tx, second.id); }));
  CHECK(find(*db, second.id)->family_name.empty());
}

TEST_CASE_TEMPLATE("all grants of an account are revoked, also those whose session is over", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto session = sample::session_of(anna);
  const auto client = sample::client_of(anna.tenant_id, "portal");
  const auto grant = sample::grant_of(session, client);
  CHECK(db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::insert_client(tx, client, noon));
    RETURN_IF_ERROR(store::insert_grant(tx, grant, sample::clearance_for(session, rights::Issued::grant)));
    return store::revoke_grants_of_account(tx, anna.id, noon + 1s);
  }));
  CHECK(db->read([&](store::Tx& tx) { return store::find_grant(tx, grant.id); }).value()->revoked_at == noon + 1s);
}

TEST_CASE_TEMPLATE("only an active super administrator other than oneself counts", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto jan = sample::add_account(*db, "jan").value();
  const auto super = add_context(*db, anna.tenant_id, rights::role::super_administrator);
  const auto user = add_context(*db, anna.tenant_id, rights::role::user);
  const auto others = [&](base::Time at) {
    return db->read([&](store::Tx& tx) { return store::has_other_super_administrator(tx, anna.id, at); }).value();
  };
  const auto give = [&](const identity::Account& account, const rights::ActingContext& context, base::Time from) {
    CHECK(db->write([&](store::Tx& tx) { return store::give_context(tx, account.id, context.id, from); }));
  };
  give(anna, super, noon);
  give(jan, user, noon);
  CHECK_FALSE(others(noon));
  give(jan, super, noon + 1h);
  CHECK_FALSE(others(noon));
  CHECK(others(noon + 1h));
  CHECK(db->write([&](store::Tx& tx) {
    return store::set_account_status(tx, jan.id, identity::AccountStatus::suspended_admin, noon, std::nullopt);
  }));
  CHECK_FALSE(others(noon + 1h));
}
