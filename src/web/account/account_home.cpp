// The overview of the account (S4.9) with its last logins (S4.18).
#include <algorithm>

#include "flow/account/own_data.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/login/read_activity.hpp"
#include "text/text.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr std::int64_t days_near_the_end = 14;

/// What the person should do something about, with the page where it is done.
void add_attention(View& view, const Visit& visit, const flow::Activity& activity) {
  const rights::Actor& actor = *visit.visitor.actor;
  const identity::Account& account = actor.account();
  const auto add = [&](std::string sentence, std::string_view path, std::string_view label) {
    view.add("attention")
        .text("sentence", std::move(sentence))
        .text("href", std::string(path))
        .text("label", visit.say(label));
  };
  if (actor.may(rights::Permission::own_data)) {
    const bool is_email_open = !account.email.empty() && !account.email_verified;
    const bool is_phone_open = !account.phone.empty() && !account.phone_verified;
    if (is_email_open || is_phone_open) add(visit.say("home.unverified"), "/account/data", "home.to_data");
    const bool has_one = account.email.empty() != account.phone.empty();
    if (has_one && flow::demand_editor_kind(actor)) add(visit.say("home.one_channel"), "/account/data", "home.to_data");
  }
  if (activity.factor_days_left && actor.may(rights::Permission::own_password)) {
    add(visit.say("home.factor_days", {{"n", *activity.factor_days_left}}), "/account/factors", "home.to_factors");
  }
  if (activity.days_left && *activity.days_left <= days_near_the_end && actor.may(rights::Permission::own_password)) {
    // An expired password is good for nothing, not even for its change (S4.11).
    const bool is_over = activity.needs_reset;
    add(visit.say("activity.days_left", {{"n", *activity.days_left}}), is_over ? "/reset" : "/account/security",
        is_over ? "welcome.forgotten" : "home.to_security");
  }
}

}  // namespace

http::Response show_account_home(Visit& visit) {
  const auto activity = flow::read_activity(visit.house, *visit.visitor.actor, visit.facts.now);
  if (!activity) return show_error(visit, activity.error());
  const std::string& zone = visit.house.settings.site.time_zone;
  View view;
  if (const auto added = add_applications(view, visit); !added) return show_error(visit, added.error());
  add_attention(view, visit, *activity);
  view.flag("attends", view.find("attention") != nullptr);
  const flow::LoginStatistics& logins = activity->anywhere;
  // The last one is this login, which the person knows of.
  if (logins.previous_success) {
    view.text("previous_success", text::format_time(visit.language, *logins.previous_success, zone));
  }
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
