// When a failed delivery is tried again, and when it is given up. The delay is an exponential backoff with a maximum
// and with jitter. The jitter spreads the messages that wait for one peer, so that they are not all sent at the same
// moment.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace courier {

struct Backoff {
  base::Duration first{10'000};              // after the first failure
  base::Duration most{3'600'000};            // the longest delay
  base::Duration give_up_after{86'400'000};  // the age of a message at which no further try is made
  int jitter_percent = 20;                   // 0 to 100; the delay varies by ± half of this
};

/// The delay before the next try; nullopt = give up. `failures`: how many tries have failed, at least 1. `age`: the
/// time since the message was written. `random`: in [0, 1). The delay doubles with each failure. The last try is before
/// give_up_after.
std::optional<base::Duration> find_delay(const Backoff& rule, std::int64_t failures, base::Duration age, double random);

}  // namespace courier
