#include "flow/admin/reset_factors.hpp"

#include "audit/event.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/admin/change_account.hpp"
#include "flow/factor/change_factors.hpp"
#include "flow/house/record.hpp"
#include "flow/session/end_access.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"
#include "store/factor/factors.hpp"
#include "store/session/devices.hpp"

namespace flow {

base::Result<SeenFactors> read_factors(store::Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(const auto factors, store::list_factors(tx, account_id));
  SeenFactors seen;
  for (const store::Factor& one : factors) {
    if (one.kind == identity::FactorKind::recovery) {
      ++seen.recovery_codes;
    } else {
      seen.held.push_back({one.kind, one.created_at, one.last_used_at});
    }
  }
  ASSIGN_OR_RETURN(seen.always, store::always_wants_factor(tx, account_id));
  return seen;
}

base::Result<SeenFactors> look_at_factors(const House& house, const rights::Actor& actor, std::string_view account,
                                          const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto data, read_account_to_look(house, actor, account, facts.now));
  return house.store.read([&](store::Tx& tx) { return read_factors(tx, data.account.id); });
}

base::Result<void> reset_factors(const House& house, const rights::Actor& actor, std::string_view account,
                                 const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_account_supporter(house, actor, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const identity::Account found,
                     find_changeable(tx, actor, account, facts.now, rights::Permission::support_accounts));
    ASSIGN_OR_RETURN(const auto devices, store::list_devices(tx, found.id));
    ASSIGN_OR_RETURN(const SeenFactors seen, read_factors(tx, found.id));
    if (seen.empty() && devices.empty()) return {};
    for (const auto kind :
         {identity::FactorKind::totp, identity::FactorKind::passkey, identity::FactorKind::recovery}) {
      RETURN_IF_ERROR(store::delete_factors(tx, found.id, kind));
    }
    RETURN_IF_ERROR(store::delete_surplus_devices(tx, found.id, 0));
    RETURN_IF_ERROR(tidy_factors(tx, found));
    RETURN_IF_ERROR(store::append_event(
        tx, make_event(audit::type::account_change, actor, found, facts, {{"factor", "all"}, {"change", "removed"}})));
    return notify_person(house, tx, found, {"factors_reset"}, facts.now);
  });
}

}  // namespace flow
