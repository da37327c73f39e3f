#include "flow/account/unlock_account.hpp"

#include "audit/event.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/house/record.hpp"
#include "flow/login/find_way_in.hpp"
#include "flow/proof/throttle_login.hpp"
#include "flow/session/end_access.hpp"
#include "flow/session/judge_actor.hpp"
#include "identity/lockout/lockout.hpp"
#include "store/audit/audit_log.hpp"
#include "store/proof/throttling.hpp"

namespace flow {

base::Result<void> unlock_account(const House& house, const rights::Actor& actor, std::string_view account,
                                  const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_account_supporter(house, actor, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const identity::Account found,
                     find_changeable(tx, actor, account, facts.now, rights::Permission::support_accounts));
    ASSIGN_OR_RETURN(const auto barrier, store::find_barrier_of(tx, found.id, facts.now));
    RETURN_IF_ERROR(unlock(tx, found.id));
    if (barrier || identity::is_locked(found, facts.now)) {
      ASSIGN_OR_RETURN(const std::string_view way_in, find_way_in(house, tx, found.id, facts.now));
      RETURN_IF_ERROR(notify_person(house, tx, found, {.message = "unlocked", .way_in = way_in}, facts.now));
    }
    return store::append_event(tx, make_event(audit::type::account_unlock, actor, found, facts));
  });
}

}  // namespace flow
