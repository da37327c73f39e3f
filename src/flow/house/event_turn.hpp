// What strangers can cause without end gets few events: the log must not fill up.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// Whether something that has happened gets an event of its own.
struct EventTurn {
  bool is_written = false;
  std::optional<std::int64_t> in_this_minute{};  // for the event: how many, if they are above the limit
};
/// Counts what has happened under `what` in this minute. Up to `limit` each gets an event; then only the counts
/// 2·limit, 4·limit, … do, so that the log still shows the order of magnitude.
base::Result<EventTurn> take_event_turn(const House& house, store::Tx& tx, std::string_view what, std::int64_t limit,
                                        base::Time now);

}  // namespace flow
