// Points in time are UTC with millisecond resolution. Rules get the time as an argument and never read a clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace base {

using Duration = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Duration>;

/// The wall clock. Only doors, workers of `app` and the command line read it.
Time now();

/// Milliseconds since 1970-01-01T00:00:00Z: the form in the database.
inline std::int64_t to_ms(Time t) {
  return t.time_since_epoch().count();
}
inline Time from_ms(std::int64_t ms) {
  return Time(Duration(ms));
}
/// Whole seconds since the epoch, rounded down: the form in tokens (RFC 7519 §2 NumericDate).
inline std::int64_t to_seconds(Time t) {
  return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
}
inline Time from_seconds(std::int64_t s) {
  return Time(std::chrono::seconds(s));
}

/// RFC 3339 in UTC with milliseconds: "2026-11-21T20:15:00.123Z".
std::string to_rfc3339(Time t);
/// Reads RFC 3339 in UTC ("…Z"), with or without fraction. Errors: invalid_input.
Result<Time> parse_rfc3339(std::string_view text);

}  // namespace base
