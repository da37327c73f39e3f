#include "flow/suspend_self.hpp"

#include "audit/event.hpp"
#include "flow/end_access.hpp"
#include "flow/prove_again.hpp"
#include "flow/record.hpp"
#include "store/accounts.hpp"
#include "store/audit_log.hpp"

namespace flow {

base::Result<bool> may_leave(const House& house, const rights::Actor& actor, base::Time now) {
  return house.store.read([&](store::Tx& tx) -> base::Result<bool> {
    return demand_other_super_administrator(tx, actor.account().id, now).has_value();
  });
}

base::Result<void> suspend_self(const House& house, const rights::Actor& actor, const RequestFacts& facts) {
  if (actor.is_operator()) return base::fail(base::Code::denied, "the operator has no account");
  RETURN_IF_ERROR(demand_fresh_proof(house, actor, facts.now));
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, actor.account().id));
    if (!account || account->status != identity::AccountStatus::active) {
      return base::fail(base::Code::conflict, "the account is not active");
    }
    RETURN_IF_ERROR(demand_other_super_administrator(tx, account->id, facts.now));
    RETURN_IF_ERROR(store::set_account_status(tx, account->id, identity::AccountStatus::suspended_self, facts.now,
                                              account->id));
    RETURN_IF_ERROR(store::append_event(
        tx, make_event(audit::type::account_suspend, actor, account->tenant_id, account->id, facts, {{"by", "self"}})));
    RETURN_IF_ERROR(end_access_of(tx, *account, audit::why::suspended, facts));
    return notify_person(house, tx, *account, "suspended", facts);
  });
}

}  // namespace flow
