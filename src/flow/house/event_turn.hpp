// Limits what strangers can cause without end: events, so that the log does not fill up, and acts of a network.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
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
/// The same for what anybody can cause: `limit` is that of each of the networks that the request came from.
base::Result<EventTurn> take_network_turn(const House& house, store::Tx& tx, std::string_view what, std::int64_t limit,
                                          const RequestFacts& facts);

struct NetworkLimit {
  std::string_view what;
  std::int64_t most = 0;
  base::Duration window{};
};
/// Counts one more act of the networks that the request came from (identity::limited_networks); gives by how many they
/// are over the limit, 0 = it may be done. What a smaller network is refused does not count for a larger one, so that
/// nobody uses up what others in it may do.
base::Result<std::int64_t> count_for_networks(const House& house, store::Tx& tx, const NetworkLimit& limit,
                                              const RequestFacts& facts);

}  // namespace flow
