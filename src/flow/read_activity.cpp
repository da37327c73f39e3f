#include "flow/read_activity.hpp"

#include <algorithm>

namespace flow {

std::optional<base::Time> Activity::last_failure() const {
  // Nothing is less than every time.
  return std::max(here.last_failure, elsewhere.last_failure);
}

base::Result<Activity> read_activity(const House& house, const rights::Actor& actor, base::Time now) {
  (void)now;
  const base::Id& id = actor.account().id;
  return house.store.read([&](store::Tx& tx) -> base::Result<Activity> {
    Activity activity;
    ASSIGN_OR_RETURN(activity.here, store::find_statistics(tx, id, "own"));
    ASSIGN_OR_RETURN(activity.elsewhere, store::find_statistics(tx, id, "other"));
    return activity;
  });
}

}  // namespace flow
