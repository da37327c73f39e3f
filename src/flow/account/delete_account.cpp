#include "flow/account/delete_account.hpp"

#include "audit/event.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/end_access.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/account_erasure.hpp"
#include "store/audit/audit_log.hpp"

namespace flow {

base::Result<void> delete_own_account(const House& house, const rights::Actor& actor, const RequestFacts& facts) {
  if (actor.is_operator()) return base::fail(base::Code::denied, "the operator has no account");
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::own_deletion, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(
        const identity::Account account,
        leave(tx, actor, {identity::AccountStatus::deleted, audit::type::account_delete, audit::why::deleted}, facts));
    RETURN_IF_ERROR(notify_person(house, tx, account, {"deleted", facts.language}, facts.now));
    RETURN_IF_ERROR(store::erase_account(tx, account.id));
    // The last step, because it also erases the personal parts of the events above.
    return store::erase_personal(tx, account.tenant_id, account.id, facts.now);
  });
}

}  // namespace flow
