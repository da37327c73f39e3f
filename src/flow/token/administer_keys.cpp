#include "flow/token/administer_keys.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/token/token_settings.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/keys.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

// Inside the transaction: who acts, and for which tenant it is recorded.
struct By {
  const rights::Actor* actor;  // nullptr: the server, by schedule
  base::Id tenant_id;
  const RequestFacts& facts;
};

base::Result<void> set_state(store::Tx& tx, const store::SigningKeyRow& key, std::string_view state, const By& by) {
  RETURN_IF_ERROR(store::set_key_state(tx, key.kid, state, by.facts.now));
  return store::append_event(tx, make_event(audit::type::key_change, by.actor, by.tenant_id, by.facts,
                                            {{"kid", audit::Value::checked_code(key.kid)},
                                             {"algorithm", audit::Value::checked_code(key.algorithm)},
                                             {"old", audit::Value::checked_code(key.state)},
                                             {"new", audit::Value::checked_code(state)}}));
}

using Rows = std::vector<store::SigningKeyRow>;

base::Time since(const store::SigningKeyRow& row) {
  return row.changed_at == base::Time() ? row.created_at : row.changed_at;
}

// nullptr: there is none.
const store::SigningKeyRow* find_key(const Rows& rows, std::string_view algorithm, std::string_view state) {
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const auto& one) { return one.algorithm == algorithm && one.state == state; });
  return row == rows.end() ? nullptr : &*row;
}

// The next key signs, and the ones that signed before stay published.
base::Result<void> put_in_force(store::Tx& tx, const Rows& rows, const store::SigningKeyRow& next, const By& by) {
  for (const store::SigningKeyRow& row : rows) {
    const bool steps_back = row.algorithm == next.algorithm && row.state == "active";
    if (steps_back) RETURN_IF_ERROR(set_state(tx, row, "retiring", by));
  }
  return set_state(tx, next, "active", by);
}

base::Result<void> revoke(store::Tx& tx, const Rows& rows, const store::SigningKeyRow& row, const By& by) {
  RETURN_IF_ERROR(set_state(tx, row, "revoked", by));
  if (row.state != "active") return {};
  const bool another_signs = std::any_of(rows.begin(), rows.end(), [&](const store::SigningKeyRow& one) {
    return one.kid != row.kid && one.algorithm == row.algorithm && one.state == "active";
  });
  if (another_signs) return {};
  const store::SigningKeyRow* next = find_key(rows, row.algorithm, "pending");
  if (next == nullptr) return base::fail(base::Code::conflict, "the next key was taken meanwhile; try again");
  return set_state(tx, *next, "active", by);
}

// The next keys are made outside of the transaction, but only for an actor who may change keys.
base::Result<void> prepare(const House& house, const rights::Actor& actor, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_keys));
  RETURN_IF_ERROR(house.store.read([&](store::Tx& tx) { return judge_actor(tx, actor, now); }));
  return house.keys.prepare_next(now);
}

}  // namespace

base::Result<std::vector<KeyState>> list_keys(const House& house, const rights::Actor& actor) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_keys));
  ASSIGN_OR_RETURN(auto rows, house.store.read([](store::Tx& tx) { return store::list_signing_keys(tx); }));
  std::vector<KeyState> keys;
  for (store::SigningKeyRow& row : rows) {
    keys.push_back({std::move(row.kid), std::move(row.algorithm), std::move(row.state), row.created_at, since(row)});
  }
  return keys;
}

base::Result<std::string> rotate_key(const House& house, const rights::Actor& actor, crypto::Algorithm algorithm,
                                     const RequestFacts& facts) {
  RETURN_IF_ERROR(prepare(house, actor, facts.now));
  ASSIGN_OR_RETURN(std::string kid, write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<std::string> {
                     ASSIGN_OR_RETURN(const Rows rows, store::list_signing_keys(tx));
                     const store::SigningKeyRow* next = find_key(rows, crypto::name_of(algorithm), "pending");
                     if (next == nullptr || next->created_at + KeyRing::published_after > facts.now) {
                       return base::fail(base::Code::conflict,
                                         "the next key is not published by every node yet; try again in two minutes");
                     }
                     ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
                     RETURN_IF_ERROR(put_in_force(tx, rows, *next, {&actor, tenant.id, facts}));
                     return next->kid;
                   }));
  RETURN_IF_ERROR(house.keys.prepare_next(facts.now));
  return kid;
}

base::Result<std::size_t> rotate_due_keys(const House& house, base::Time now) {
  const TokenSettings& settings = house.settings.token;
  RequestFacts facts;
  facts.now = now;
  return house.store.write([&](store::Tx& tx) -> base::Result<std::size_t> {
    ASSIGN_OR_RETURN(const Rows rows, store::list_signing_keys(tx));
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    const By by{nullptr, tenant.id, facts};
    std::size_t changed = 0;
    for (const store::SigningKeyRow& row : rows) {
      if (row.state == "retiring" && row.changed_at == base::Time()) {
        // An older program did not keep the time: it counts from now on.
        RETURN_IF_ERROR(store::set_key_state(tx, row.kid, row.state, now));
      } else if (row.state == "retiring" && now >= row.changed_at + settings.key_overlap) {
        RETURN_IF_ERROR(set_state(tx, row, "retired", by));
        ++changed;
      }
      const bool is_due = settings.key_rotation != base::Duration() && now >= since(row) + settings.key_rotation;
      if (row.state != "active" || !is_due) continue;
      const store::SigningKeyRow* next = find_key(rows, row.algorithm, "pending");
      if (next == nullptr || next->created_at + KeyRing::published_after > now) continue;
      RETURN_IF_ERROR(put_in_force(tx, rows, *next, by));
      changed += 2;
    }
    return changed;
  });
}

base::Result<bool> revoke_key(const House& house, const rights::Actor& actor, std::string_view kid,
                              const RequestFacts& facts) {
  RETURN_IF_ERROR(prepare(house, actor, facts.now));
  ASSIGN_OR_RETURN(const bool revoked, write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
                     ASSIGN_OR_RETURN(const Rows rows, store::list_signing_keys(tx));
                     const auto row =
                         std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.kid == kid; });
                     if (row == rows.end()) {
                       return base::fail(base::Code::not_found, "there is no key " + std::string(kid));
                     }
                     if (row->state == "revoked") return false;
                     ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
                     RETURN_IF_ERROR(revoke(tx, rows, *row, {&actor, tenant.id, facts}));
                     return true;
                   }));
  RETURN_IF_ERROR(house.keys.prepare_next(facts.now));
  return revoked;
}

}  // namespace flow
