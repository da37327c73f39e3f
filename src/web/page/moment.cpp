#include "web/page/moment.hpp"

#include <chrono>

#include "flow/house/site_settings.hpp"
#include "text/text.hpp"

namespace web {
namespace {

constexpr auto a_day = std::chrono::hours(24);
constexpr auto longest = 30 * a_day;

template <class Unit>
std::int64_t count_whole(base::Duration passed) {
  return std::chrono::floor<Unit>(passed).count();
}

}  // namespace

std::string say_ago(const Visit& visit, base::Time at) {
  // The clocks of nodes differ a little, so that a time may seem to come.
  const base::Duration passed = visit.facts.now - at;
  if (passed < std::chrono::minutes(1)) return visit.say("ago.now");
  if (passed < std::chrono::hours(1)) {
    return visit.say("ago.minutes", {{"n", count_whole<std::chrono::minutes>(passed)}});
  }
  if (passed < a_day) return visit.say("ago.hours", {{"n", count_whole<std::chrono::hours>(passed)}});
  if (passed < longest) return visit.say("ago.days", {{"n", count_whole<std::chrono::hours>(passed) / 24}});
  return text::format_date(visit.language, at, visit.house.settings.site.time_zone);
}

void add_moment(View& view, const Visit& visit, std::string_view name, base::Time at) {
  view.add(name)
      .text("ago", say_ago(visit, at))
      .text("exact", text::format_time(visit.language, at, visit.house.settings.site.time_zone))
      .text("at", base::to_rfc3339(at));
}

}  // namespace web
