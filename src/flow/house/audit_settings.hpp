// Limits of the audit log.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.hpp"

namespace flow {

struct AuditSettings {
  /// How many failed proofs of one network, and how many refused token requests of one client in one network, are
  /// written in a minute. Further ones are only counted (event_turn.hpp).
  std::int64_t failures_each_minute = 20;
  base::Duration keep_typed = std::chrono::hours(24 * 30);       // what was typed as a login; 0 = without end
  base::Duration keep_addresses = std::chrono::hours(24 * 180);  // network address and browser; 0 = without end
  base::Duration keep_reported = std::chrono::hours(24 * 1095);  // texts of relying systems' events; 0 = without end
  std::int64_t reported_each_minute = 600;                       // events that one relying system may write
  base::Duration head_every = std::chrono::minutes(10);  // how often the head of the chain is written to the log
};

}  // namespace flow
