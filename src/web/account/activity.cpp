// The last logins and failures of the account, here and in other systems (S4.18).
#include "flow/house/site_settings.hpp"
#include "flow/login/list_past_logins.hpp"
#include "flow/login/read_activity.hpp"
#include "text/text.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/session_rows.hpp"

namespace web {
namespace {

void add_realm(View& view, const Visit& visit, std::string id, std::string name,
               const flow::LoginStatistics& statistics) {
  View& item = view.add("realms");
  item.text("id", std::move(id)).text("name", std::move(name));
  item.flag("used", statistics.last_success.has_value() || statistics.last_failure.has_value());
  const auto time = [&](const std::optional<base::Time>& t) {
    return t ? text::format_time(visit.language, *t, visit.house.settings.site.time_zone) : std::string();
  };
  item.text("last_success", time(statistics.last_success)).text("last_success_ip", statistics.last_success_ip);
  item.text("previous_success", time(statistics.previous_success));
  item.text("last_failure", time(statistics.last_failure));
  item.text("since", visit.say("activity.count", {{"n", statistics.failures_since_success}}));
  item.text("before", visit.say("activity.count", {{"n", statistics.failures_before}}));
}

base::Result<void> add_history(View& view, const Visit& visit) {
  ASSIGN_OR_RETURN(const auto logins, flow::list_past_logins(visit.house, *visit.visitor.actor, visit.language));
  for (const flow::PastLogin& one : logins) {
    View& item = view.add("history");
    item.text("time", text::format_time(visit.language, one.at, visit.house.settings.site.time_zone));
    item.flag("succeeded", one.succeeded).text("ip", one.ip);
    item.text("device", one.user_agent.empty() ? one.device : say_device(visit, one.device, one.user_agent));
    std::vector<std::string> steps;
    for (const std::string& method : one.methods) {
      const std::string key = "audit.method." + method;
      if (text::has(key)) steps.push_back(visit.say(key));
    }
    item.text("steps", base::join(steps, " + "));
    item.text("application", one.application.empty() ? visit.say("activity.own_pages") : one.application);
  }
  return {};
}

}  // namespace

http::Response show_activity(Visit& visit) {
  const auto activity = flow::read_activity(visit.house, *visit.visitor.actor, visit.facts.now);
  if (!activity) return show_error(visit, activity.error());
  View view;
  add_realm(view, visit, "here", visit.say("activity.here"), activity->here);
  add_realm(view, visit, "elsewhere", visit.say("activity.elsewhere"), activity->elsewhere);
  view.text("expiry", activity->days_left ? visit.say("activity.days_left", {{"n", *activity->days_left}})
                                          : visit.say("activity.never_expires"));
  if (const auto added = add_history(view, visit); !added) return show_error(visit, added.error());
  return show_inside(visit, "activity", "activity.title", "/account/activity", std::move(view));
}

}  // namespace web
