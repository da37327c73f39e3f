#include "identity/lockout/sms_limits.hpp"

#include <algorithm>

namespace identity {

std::vector<std::string_view> find_flaws(const SmsLimits& limits) {
  std::vector<std::string_view> flaws;
  if (limits.per_number < 0 || limits.per_number > most_in_sms_window) flaws.emplace_back("per_number");
  if (limits.per_network < 0 || limits.per_network > most_in_sms_window) flaws.emplace_back("per_network");
  const bool is_whole = limits.window.count() % std::chrono::milliseconds(std::chrono::minutes(1)).count() == 0;
  if (limits.window < shortest_sms_window || limits.window > longest_sms_window || !is_whole) {
    flaws.emplace_back("window");
  }
  if (limits.per_day < 0 || limits.per_day > most_sms_a_day) flaws.emplace_back("per_day");
  return flaws;
}

bool has_room(const std::vector<base::Time>& times, std::int64_t limit, base::Duration window, base::Time now) {
  if (limit <= 0) return true;
  // A time after `now` counts as well, because then the clock went back.
  const auto inside = std::count_if(times.begin(), times.end(), [&](base::Time one) { return one > now - window; });
  return inside < limit;
}

std::vector<base::Time> after_message(const std::vector<base::Time>& times, base::Time now) {
  std::vector<base::Time> next;
  std::copy_if(times.begin(), times.end(), std::back_inserter(next),
               [&](base::Time one) { return one > now - longest_sms_window; });
  next.push_back(next.empty() ? now : std::max(now, next.back()));
  if (next.size() > static_cast<std::size_t>(most_in_sms_window)) {
    next.erase(next.begin(), next.end() - most_in_sms_window);
  }
  return next;
}

SmsDay day_in_force(const SmsDay& stored, std::string_view today) {
  // ISO 8601 dates are in the order of their texts.
  return stored.day >= today ? stored : SmsDay{std::string(today), 0, 0};
}

}  // namespace identity
