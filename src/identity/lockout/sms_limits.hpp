// How many short messages may leave (S3.8): for one number and for one network within a window, and in a calendar day
// of the installation. A limit of 0 is off; all are off at first. A window slides: in no stretch of its length are more
// messages than the limit. A clock that goes back gives no further message: what was sent "later" still counts, and a
// day that is over does not come again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace identity {

struct SmsLimits {
  std::int64_t per_number = 0;   // messages to one number in the window
  std::int64_t per_network = 0;  // messages that one network (identity::limited_networks) causes in the window
  base::Duration window = std::chrono::minutes(10);
  std::int64_t per_day = 0;  // messages of one purpose in a calendar day of the installation

  friend bool operator==(const SmsLimits&, const SmsLimits&) = default;
};
inline constexpr base::Duration shortest_sms_window = std::chrono::minutes(1);
inline constexpr base::Duration longest_sms_window = std::chrono::minutes(60);
inline constexpr std::int64_t most_in_sms_window = 5'000;
inline constexpr std::int64_t most_sms_a_day = 1'000'000;

/// The names of the fields that are not allowed: "per_number", "per_network", "window", "per_day". The window has 1 to
/// 60 whole minutes.
std::vector<std::string_view> find_flaws(const SmsLimits& limits);

/// Whether one more message may leave at `now`. `times`: of the earlier ones, the oldest first.
bool has_room(const std::vector<base::Time>& times, std::int64_t limit, base::Duration window, base::Time now);
/// The times with one more message; those that no window can reach any more are left out.
std::vector<base::Time> after_message(const std::vector<base::Time>& times, base::Time now);

/// The counts of one calendar day, written "2026-11-29"; "" is before every day.
struct SmsDay {
  std::string day{};
  std::int64_t sent = 0;
  std::int64_t refused = 0;
};
/// The counts that are in force today: those of `stored`, or new ones if today is later than its day.
SmsDay day_in_force(const SmsDay& stored, std::string_view today);

}  // namespace identity
