#include "flow/login/read_activity.hpp"

#include "base/time.hpp"
#include "flow/login/list_factors.hpp"
#include "flow/password/find_policy.hpp"
#include "flow/session/factor_demand.hpp"
#include "store/account/statistics.hpp"
#include "store/engine/store.hpp"
#include "store/password/passwords.hpp"

namespace flow {

std::int64_t Activity::failures_to_tell() const {
  return anywhere.failures_before + anywhere.failures_since_success;
}

base::Result<Activity> find_activity(store::Tx& tx, const identity::Account& account, base::Time now) {
  Activity activity;
  ASSIGN_OR_RETURN(activity.here, store::find_statistics(tx, account.id, "own"));
  ASSIGN_OR_RETURN(activity.elsewhere, store::find_statistics(tx, account.id, "other"));
  ASSIGN_OR_RETURN(activity.anywhere, store::find_statistics(tx, account.id, "all"));
  ASSIGN_OR_RETURN(const auto password, store::find_password(tx, account.id));
  if (password) {
    ASSIGN_OR_RETURN(const PolicyInForce in_force, find_policy(tx, account, now));
    activity.days_left =
        identity::state_of({password->origin, password->set_at, false}, in_force.policy, now).days_left;
    activity.needs_reset = !find_end_of_password(*password, in_force.policy, now).empty();
  }
  return activity;
}

base::Result<Activity> read_activity(const House& house, const rights::Actor& actor, base::Time now) {
  return house.store.read([&](store::Tx& tx) -> base::Result<Activity> {
    ASSIGN_OR_RETURN(Activity activity, find_activity(tx, actor.account(), now));
    if (actor.is_acting()) return activity;
    ASSIGN_OR_RETURN(const rights::FactorDemand demand, find_demand(tx, actor.account().id));
    ASSIGN_OR_RETURN(const auto left, find_grace_left(tx, demand, actor.session(), actor.ip(), now));
    if (!left) return activity;
    ASSIGN_OR_RETURN(const auto factors, list_second_steps(house, tx, actor.account(), demand.rules.methods));
    if (factors.empty()) activity.factor_days_left = left;
    return activity;
  });
}

}  // namespace flow
