// The main page (S4.9) with the numbers of the last logins (S4.18).
#include "flow/own_account.hpp"
#include "web/layout.hpp"
#include "web/pages.hpp"

namespace web {

http::Response show_account_home(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  const auto statistics = flow::find_own_statistics(visit.house, actor);
  if (!statistics) return show_error(visit, statistics.error());
  const std::string& zone = visit.house.settings.time_zone;
  View view;
  if (statistics->last_success) {
    view.text("last_success", text::format_time(visit.language, *statistics->last_success, zone));
    view.text("last_success_ip", statistics->last_success_ip);
  }
  if (statistics->last_failure) {
    view.text("last_failure", text::format_time(visit.language, *statistics->last_failure, zone));
  }
  view.text("failures", visit.say("home.failures", {{"n", statistics->failures_since_success}}));
  view.flag("suspicious", statistics->failures_since_success > 0);
  return show_inside(visit, "account_home", "home.title", "/account", std::move(view));
}

}  // namespace web
