// Limits the events that strangers can cause without end, so that the log does not fill up.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// Whether an occurrence gets its own event.
struct EventTurn {
  bool is_written = false;
  std::optional<std::int64_t> in_this_minute{};  // for the event: the count, if it is above the limit
};
/// Counts the occurrences of `what` in this minute. Each of the first `limit` gets an event; after them only number
/// 2·limit, 4·limit, … do, so that the log still shows the order of magnitude.
base::Result<EventTurn> take_event_turn(const House& house, store::Tx& tx, std::string_view what, std::int64_t limit,
                                        base::Time now);

}  // namespace flow
