#include "flow/read_activity.hpp"

#include <algorithm>

namespace flow {

std::optional<base::Time> Activity::last_failure() const {
  // Nothing is less than every time.
  return std::max(here.last_failure, elsewhere.last_failure);
}

base::Result<Activity> find_activity(store::Tx& tx, const base::Id& account_id, base::Time now) {
  (void)now;
  Activity activity;
  ASSIGN_OR_RETURN(activity.here, store::find_statistics(tx, account_id, "own"));
  ASSIGN_OR_RETURN(activity.elsewhere, store::find_statistics(tx, account_id, "other"));
  return activity;
}

base::Result<Activity> read_activity(const House& house, const rights::Actor& actor, base::Time now) {
  return house.store.read([&](store::Tx& tx) { return find_activity(tx, actor.account().id, now); });
}

}  // namespace flow
