#include "flow/house/event_turn.hpp"

#include <chrono>
#include <string>

#include "crypto/key/master_key.hpp"
#include "identity/lockout/throttling.hpp"
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

base::Result<EventTurn> take_network_turn(const House& house, store::Tx& tx, std::string_view what, std::int64_t limit,
                                          const RequestFacts& facts) {
  EventTurn turn{true};
  for (const auto& [network, times] : identity::limited_networks(facts.ip)) {
    const std::string counted = std::string(what) + "|" + network;
    ASSIGN_OR_RETURN(const EventTurn one, take_event_turn(house, tx, counted, limit * times, facts.now));
    if (one.in_this_minute) turn.in_this_minute = one.in_this_minute;
    turn.is_written = one.is_written;
    // What has no event of its own counts for no larger network.
    if (!turn.is_written) break;
  }
  return turn;
}

base::Result<std::int64_t> count_for_networks(const House& house, store::Tx& tx, const NetworkLimit& limit,
                                              const RequestFacts& facts) {
  for (const auto& [network, times] : identity::limited_networks(facts.ip)) {
    const base::Bytes bucket = house.master.authenticate("throttle", std::string(limit.what) + "|" + network);
    ASSIGN_OR_RETURN(const std::int64_t count, store::count_in_window(tx, bucket, limit.window, facts.now));
    const std::int64_t over = count - limit.most * times;
    if (over > 0) return over;
  }
  return 0;
}

}  // namespace flow
