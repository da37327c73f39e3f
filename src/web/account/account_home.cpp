// The overview of the account (S4.9) with its last logins (S4.18).
#include <algorithm>

#include "flow/house/site_settings.hpp"
#include "flow/login/read_activity.hpp"
#include "text/text.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"

namespace web {

http::Response show_account_home(Visit& visit) {
  const auto activity = flow::read_activity(visit.house, *visit.visitor.actor, visit.facts.now);
  if (!activity) return show_error(visit, activity.error());
  const std::string& zone = visit.house.settings.site.time_zone;
  View view;
  const flow::LoginStatistics& logins = activity->anywhere;
  if (logins.last_success) {
    view.text("last_success", text::format_time(visit.language, *logins.last_success, zone));
    view.text("last_success_ip", logins.last_success_ip);
  }
  if (logins.last_failure) {
    view.text("last_failure", text::format_time(visit.language, *logins.last_failure, zone));
    view.text("last_failure_ip", logins.last_failure_ip);
  }
  const std::int64_t failures = activity->failures_to_tell();
  view.text("failures", visit.say("home.failures", {{"n", failures}}));
  view.text("expiry", activity->days_left ? visit.say("home.days_left", {{"n", *activity->days_left}})
                                          : visit.say("home.never_expires"));
  view.flag("suspicious", failures > 0).flag("password_set", visit.query.get("said") == "password");
  const rights::Actor& actor = *visit.visitor.actor;
  const bool may_suspend = actor.may(rights::Permission::own_suspension);
  const bool may_delete = actor.may(rights::Permission::own_deletion);
  view.flag("may_leave", may_suspend || may_delete).flag("may_suspend", may_suspend).flag("may_delete", may_delete);
  return show_inside(visit, "account_home", "home.title", "/account", std::move(view));
}

}  // namespace web
