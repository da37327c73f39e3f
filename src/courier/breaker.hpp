// The circuit breaker of one destination. A destination that has not answered several times in a row gets no further
// delivery, until a probe, a single delivery, has been answered. The pauses between probes double up to a maximum.
//
//             `failures` deliveries in a row without an answer
//     closed ─────────────────────────────────────────────────> open
//       ^                                                        │  ^
//       │ answered                        the pause is over      │  │ not answered: the next pause is longer
//       └──────────────────── probing <──────────────────────────┘  │
//                                └──────────────────────────────────┘
//
// Not thread-safe: the owner has a lock.
#pragma once

#include "base/time.hpp"

namespace courier {

struct BreakerRule {
  int failures = 3;                 // deliveries in a row without an answer that open it
  base::Duration first{10'000};     // the first pause
  base::Duration longest{300'000};  // the longest pause
};

/// For messages of which many are codes, which are worthless after minutes.
constexpr BreakerRule for_codes{.longest = base::Duration{30'000}};

class Breaker {
 public:
  explicit Breaker(BreakerRule rule = {}) : rule_(rule) {}

  /// Whether a delivery may be tried now. If it is the probe, every other delivery is refused until note() or forgo().
  bool admit(base::Time now);
  /// The outcome of an admitted delivery. True: the state changed from closed to open, or back.
  bool note(bool answered, base::Time now);
  /// An admitted delivery was not tried after all.
  void forgo() { probing_ = false; }
  [[nodiscard]] bool is_open() const { return failures_ >= rule_.failures; }
  /// While open: when the next probe may be tried.
  [[nodiscard]] base::Time next_probe() const { return next_probe_; }

 private:
  BreakerRule rule_;
  int failures_ = 0;  // in a row
  base::Duration pause_{0};
  base::Time next_probe_{};
  bool probing_ = false;
};

}  // namespace courier
