#include "flow/factor/own_factors.hpp"

#include "audit/event.hpp"
#include "flow/factor/change_factors.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/proof/passkey_data.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "identity/identifier/device_name.hpp"
#include "store/engine/store.hpp"
#include "store/factor/factors.hpp"

namespace flow {
namespace {

OwnFactor own_factor_of(const store::Factor& factor) {
  OwnFactor own{factor.id, factor.kind, factor.label, factor.created_at, factor.last_used_at};
  if (factor.kind == identity::FactorKind::passkey) {
    const auto data = parse_passkey_data(factor.data);
    own.is_synced = data && data->is_backed_up;
  }
  return own;
}

}  // namespace

base::Result<OwnFactors> list_own_factors(const House& house, const rights::Actor& actor) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::own_password));
  return house.store.read([&](store::Tx& tx) -> base::Result<OwnFactors> {
    ASSIGN_OR_RETURN(const auto factors, store::list_factors(tx, actor.account().id));
    OwnFactors own;
    for (const store::Factor& factor : factors) {
      if (factor.kind == identity::FactorKind::recovery) {
        ++own.recovery_codes;
        own.recovery_made_at = factor.created_at;
        continue;
      }
      (factor.kind == identity::FactorKind::totp ? own.apps : own.passkeys).push_back(own_factor_of(factor));
    }
    ASSIGN_OR_RETURN(own.always, store::always_wants_factor(tx, actor.account().id));
    own.may_always = !own.apps.empty() || !own.passkeys.empty() || actor.account().has_phone_in_force();
    return own;
  });
}

base::Result<void> rename_own_factor(const House& house, const rights::Actor& actor, const base::Id& id,
                                     std::string_view name, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::own_password));
  ASSIGN_OR_RETURN(const std::string label, identity::parse_device_name(name));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const bool is_there, store::rename_factor(tx, actor.account().id, id, label));
    if (!is_there) return base::fail(base::Code::not_found, "no factor of this account");
    // The name is the person's own text, which has no place in the part of an event that stays.
    return record_factor_change(house, tx, actor, {actor.account(), "all", "renamed", id}, facts);
  });
}

base::Result<void> remove_own_factor(const House& house, const rights::Actor& actor, const base::Id& id,
                                     const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::own_password, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto factor, store::find_factor(tx, actor.account().id, id));
    if (!factor || factor->kind == identity::FactorKind::recovery) {
      return base::fail(base::Code::not_found, "no factor of this account");
    }
    RETURN_IF_ERROR(store::delete_factor(tx, actor.account().id, id));
    RETURN_IF_ERROR(tidy_factors(tx, actor.account()));
    return record_factor_change(house, tx, actor,
                                {actor.account(), code_of(factor->kind), "removed", id, "factor_removed"}, facts);
  });
}

base::Result<void> set_own_always(const House& house, const rights::Actor& actor, bool always,
                                  const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::own_password, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const bool before, store::always_wants_factor(tx, actor.account().id));
    if (before == always) return {};
    ASSIGN_OR_RETURN(const auto factors, store::list_factors(tx, actor.account().id));
    if (always && factors.empty() && !actor.account().has_phone_in_force()) {
      return base::fail(base::Code::conflict, "there is no second factor to ask for");
    }
    RETURN_IF_ERROR(store::set_always_factor(tx, actor.account().id, always));
    return record_factor_change(house, tx, actor,
                                {actor.account(), "all", always ? audit::Code("always_on") : audit::Code("always_off")},
                                facts);
  });
}

}  // namespace flow
