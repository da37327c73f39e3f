// Form and limits of forgotten passwords (S4.10).
#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.hpp"

namespace flow {

/// What the link of a reset leads to: a temporary password that is sent and must be changed at once, or the page on
/// which the person sets the new password.
enum class ResetForm : std::uint8_t {
  temporary,
  direct
};

/// Limits of 0 are none.
struct ResetSettings {
  ResetForm form = ResetForm::direct;
  base::Duration link_lasts = std::chrono::minutes(30);
  std::int64_t per_account_per_hour = 5;
  std::int64_t per_network_per_hour = 60;
  std::int64_t per_channel_per_hour = 5;                         // messages to one address or number
  base::Duration invitation_lasts = std::chrono::hours(24 * 7);  // the link with which an invited person begins
};

}  // namespace flow
