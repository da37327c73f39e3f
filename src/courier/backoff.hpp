// When a delivery that failed is tried again: exponential growth with a cap, spread so that many messages to one
// peer that was down do not come back at once; and when it is given up.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace courier {

struct Backoff {
  base::Duration first{10'000};              // after the first failure
  base::Duration most{3'600'000};            // never longer than this
  base::Duration give_up_after{86'400'000};  // age at which no further try is made
  int jitter_percent = 20;                   // the delay is spread by ± half of this, 0 to 100
};

/// Delay before the next try; nullopt = give up. `failures` ≥ 1: tries so far. `age`: since the message was written.
/// `random` in [0, 1). The delay doubles with each failure; the last try lies before give_up_after.
std::optional<base::Duration> find_delay(const Backoff& rule, std::int64_t failures, base::Duration age, double random);

}  // namespace courier
