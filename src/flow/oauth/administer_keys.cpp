#include "flow/oauth/administer_keys.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/keys.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

base::Result<store::SigningKeyRow> make_row(crypto::Algorithm algorithm, base::Time now) {
  ASSIGN_OR_RETURN(const auto key, crypto::SigningKey::generate(algorithm));
  store::SigningKeyRow row;
  row.kid = key.kid();
  row.algorithm = crypto::name_of(algorithm);
  ASSIGN_OR_RETURN(row.pkcs8, key.to_pkcs8());
  row.state = "active";
  row.created_at = now;
  return row;
}

// Inside the transaction: who acts, and for which tenant it is recorded.
struct By {
  const rights::Actor& actor;
  base::Id tenant_id;
  const RequestFacts& facts;
};

base::Result<void> set_state(store::Tx& tx, const store::SigningKeyRow& key, std::string_view state, const By& by) {
  RETURN_IF_ERROR(store::set_key_state(tx, key.kid, state));
  return store::append_event(
      tx, make_event(audit::type::key_change, by.actor, by.tenant_id, by.facts,
                     {{"kid", key.kid}, {"algorithm", key.algorithm}, {"old", key.state}, {"new", state}}));
}

base::Result<void> put_in_force(store::Tx& tx, const store::SigningKeyRow& fresh, const By& by) {
  ASSIGN_OR_RETURN(const auto rows, store::list_signing_keys(tx));
  for (const store::SigningKeyRow& row : rows) {
    const bool steps_back = row.algorithm == fresh.algorithm && row.state == "active";
    if (steps_back) RETURN_IF_ERROR(set_state(tx, row, "retiring", by));
  }
  RETURN_IF_ERROR(store::insert_signing_key(tx, fresh));
  return store::append_event(tx, make_event(audit::type::key_create, by.actor, by.tenant_id, by.facts,
                                            {{"kid", fresh.kid}, {"algorithm", fresh.algorithm}}));
}

}  // namespace

base::Result<std::vector<KeyState>> list_keys(const House& house, const rights::Actor& actor) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::administer_all));
  ASSIGN_OR_RETURN(auto rows, house.store.read([](store::Tx& tx) { return store::list_signing_keys(tx); }));
  std::vector<KeyState> keys;
  for (store::SigningKeyRow& row : rows) {
    keys.push_back({std::move(row.kid), std::move(row.algorithm), std::move(row.state), row.created_at});
  }
  return keys;
}

base::Result<std::string> rotate_key(const House& house, const rights::Actor& actor, crypto::Algorithm algorithm,
                                     const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::administer_all));
  ASSIGN_OR_RETURN(const store::SigningKeyRow fresh, make_row(algorithm, facts.now));
  RETURN_IF_ERROR(write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    return put_in_force(tx, fresh, {actor, tenant.id, facts});
  }));
  RETURN_IF_ERROR(house.keys.load(facts.now));
  return fresh.kid;
}

base::Result<bool> revoke_key(const House& house, const rights::Actor& actor, std::string_view kid,
                              const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::administer_all));
  const auto no_key = [&] { return base::fail(base::Code::not_found, "there is no key " + std::string(kid)); };
  const auto is_named = [&](const store::SigningKeyRow& row) { return row.kid == kid; };
  ASSIGN_OR_RETURN(const auto before, house.store.read([](store::Tx& tx) { return store::list_signing_keys(tx); }));
  const auto known = std::find_if(before.begin(), before.end(), is_named);
  if (known == before.end()) return no_key();
  // Made outside of the transaction, which must not wait for it.
  ASSIGN_OR_RETURN(const crypto::Algorithm algorithm, crypto::parse_algorithm(known->algorithm));
  ASSIGN_OR_RETURN(const store::SigningKeyRow fresh, make_row(algorithm, facts.now));
  ASSIGN_OR_RETURN(const bool revoked, write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
                     ASSIGN_OR_RETURN(const auto rows, store::list_signing_keys(tx));
                     const auto row = std::find_if(rows.begin(), rows.end(), is_named);
                     if (row == rows.end()) return no_key();
                     if (row->state == "revoked") return false;
                     ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
                     const By by{actor, tenant.id, facts};
                     RETURN_IF_ERROR(set_state(tx, *row, "revoked", by));
                     const bool another_signs =
                         std::any_of(rows.begin(), rows.end(), [&](const store::SigningKeyRow& one) {
                           return one.kid != kid && one.algorithm == row->algorithm && one.state == "active";
                         });
                     if (row->state == "active" && !another_signs) RETURN_IF_ERROR(put_in_force(tx, fresh, by));
                     return true;
                   }));
  RETURN_IF_ERROR(house.keys.load(facts.now));
  return revoked;
}

}  // namespace flow
