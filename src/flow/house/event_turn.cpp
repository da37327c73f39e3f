#include "flow/house/event_turn.hpp"

#include <chrono>

#include "crypto/key/master_key.hpp"
#include "store/proof/throttling.hpp"

namespace flow {
namespace {

bool is_written(std::int64_t count, std::int64_t limit) {
  if (count <= limit) return true;
  for (std::int64_t step = limit * 2; step > 0 && step <= count; step *= 2) {
    if (step == count) return true;
  }
  return false;
}

}  // namespace

base::Result<EventTurn> take_event_turn(const House& house, store::Tx& tx, std::string_view what, std::int64_t limit,
                                        base::Time now) {
  const base::Bytes bucket = house.master.authenticate("throttle", what);
  ASSIGN_OR_RETURN(const std::int64_t count, store::count_in_window(tx, bucket, std::chrono::minutes(1), now));
  return EventTurn{is_written(count, limit), count > limit ? std::optional(count) : std::nullopt};
}

}  // namespace flow
