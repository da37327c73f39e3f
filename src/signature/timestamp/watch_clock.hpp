// Whether the clock of this machine may be stamped (EN 319 421 §7.7.2): it must not have jumped, and it runs beside one
// that cannot be set.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace signature {

/// Both clocks at one moment.
struct ClockReading {
  base::Time wall;
  base::Duration steady;  // since an arbitrary beginning; never goes back
};

/// What is remembered between two readings, of one process.
struct ClockWatch {
  std::optional<ClockReading> before{};
  base::Duration mistrusted_until{0};  // steady
};

/// How long the clock has to run evenly after a jump before it is trusted again.
inline constexpr base::Duration clock_settles = std::chrono::minutes(1);
/// How long one reading is compared with: the clock may be adjusted slowly meanwhile.
inline constexpr base::Duration clock_compared = std::chrono::minutes(1);

enum class ClockFlaw : std::uint8_t {
  none,
  jumped,    // by more than half of the accuracy, forwards or back
  settling,  // it has jumped less than `clock_settles` ago
};
/// Judges a reading and remembers it.
ClockFlaw watch_clock(ClockWatch& watch, const ClockReading& now, base::Duration accuracy);

}  // namespace signature
