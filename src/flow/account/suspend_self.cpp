#include "flow/account/suspend_self.hpp"

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/end_access.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

base::Result<bool> may_leave(const House& house, const rights::Actor& actor, base::Time now) {
  return house.store.read([&](store::Tx& tx) -> base::Result<bool> {
    return demand_other_super_administrator(tx, actor.account().id, now).has_value();
  });
}

base::Result<void> suspend_self(const House& house, const rights::Actor& actor, const RequestFacts& facts) {
  if (actor.is_operator()) return base::fail(base::Code::denied, "the operator has no account");
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::own_suspension, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(
        const identity::Account account,
        leave(tx, actor, {identity::AccountStatus::suspended_self, audit::type::account_suspend, audit::why::suspended},
              facts));
    return notify_person(house, tx, account, {"suspended", facts.language}, facts.now);
  });
}

}  // namespace flow
