// How much the audit log takes, and how often its head is sealed.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.hpp"

namespace flow {

struct AuditSettings {
  /// Per account (or all unknown names) and address; more are counted, not written (record.hpp, is_written).
  std::int64_t failures_each_minute = 300;
  base::Duration head_every = std::chrono::minutes(10);
};

}  // namespace flow
