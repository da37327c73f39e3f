// Limits of the audit log.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.hpp"

namespace flow {

struct AuditSettings {
  /// How many failures of one account and one address are written in a minute; unknown names count as one account.
  /// Further failures are only counted (event_turn.hpp).
  std::int64_t failures_each_minute = 300;
  base::Duration keep_typed = std::chrono::hours(24 * 30);       // what was typed as a login; 0 = without end
  base::Duration keep_addresses = std::chrono::hours(24 * 180);  // network address and browser; 0 = without end
  base::Duration head_every = std::chrono::minutes(10);  // how often the head of the chain is written to the log
};

}  // namespace flow
