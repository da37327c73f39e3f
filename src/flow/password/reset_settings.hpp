// Limits of forgotten passwords (S4.10).
#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.hpp"

namespace flow {

/// Limits of 0 are none.
struct ResetSettings {
  base::Duration link_lasts = std::chrono::minutes(30);
  std::int64_t per_account_per_hour = 5;
  std::int64_t per_network_per_hour = 60;
  std::int64_t per_channel_per_hour = 5;  // messages to one address or number
};

}  // namespace flow
