#include "flow/account/unlock_account.hpp"

#include "audit/event.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/throttle_login.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"

namespace flow {

base::Result<void> unlock_account(const House& house, const rights::Actor& actor, std::string_view account,
                                  const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_account_manager(house, actor, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const identity::Account found, find_changeable(tx, actor, account, facts.now));
    RETURN_IF_ERROR(unlock(tx, found.id));
    return store::append_event(tx, make_event(audit::type::account_unlock, actor, found, facts));
  });
}

}  // namespace flow
