// The person changes the password (S4.15, S2.7): form, question "really?", result. S4.15 demands the question. No page
// repeats a typed password: the form of the question has a sealed ticket instead.
#include "flow/house/site_settings.hpp"
#include "flow/password/change_password.hpp"
#include "flow/password/find_policy.hpp"
#include "text/text.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/password_words.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/account/security";
constexpr int status_of_refusal = 422;

/// `judgement` of what was sent; nullptr = nothing was judged.
http::Response show_form(Visit& visit, View view, int status, const flow::ChangeJudgement* judgement = nullptr) {
  const auto policy = flow::find_policy_for(visit.house, visit.visitor, visit.facts.now);
  if (!policy) return show_error(visit, policy.error());
  const auto state = flow::find_password_state(visit.house, visit.visitor, visit.facts.now);
  if (!state) return show_error(visit, state.error());
  add_rules(view, visit, *policy, judgement);
  if (judgement != nullptr) add_judgement(view, visit, *judgement);
  view.flag("needs_reset", *state && !(*state)->can_log_in);
  if (*state && (*state)->expires_at) {
    view.text("expires_at",
              text::format_time(visit.language, *(*state)->expires_at, visit.house.settings.site.time_zone));
    view.text("days_left", visit.say("security.days_left", {{"days", (*state)->days_left.value_or(0)}}));
  }
  view.text("login", visit.visitor.account()->login).text("csrf", make_session_csrf(visit, here));
  view.text("csrf_check", make_session_csrf(visit, "/policy/check"));
  return show_inside(visit, "security", "security.title", here, std::move(view), status);
}

}  // namespace

http::Response show_security(Visit& visit) {
  View view;
  view.flag("gone", visit.query.has("gone"));
  return show_form(visit, std::move(view), 200);
}

http::Response submit_security(Visit& visit) {
  const auto checked = flow::check_change(visit.house, visit.visitor, read_change(visit), visit.facts);
  View view;
  if (!checked) {
    if (checked.error().code != base::Code::login_failed) return show_error(visit, checked.error());
    view.flag("wrong_old");
    return show_form(visit, std::move(view), status_of_refusal);
  }
  if (!checked->judgement.is_fine()) {
    return show_form(visit, std::move(view), status_of_refusal, &checked->judgement);
  }
  view.text("ticket", std::string(checked->ticket.reveal()));
  view.text("csrf", make_session_csrf(visit, "/account/security/confirm"));
  return show_inside(visit, "security_confirm", "security_confirm.title", here, std::move(view));
}

http::Response submit_security_confirm(Visit& visit) {
  const auto done =
      flow::confirm_change(visit.house, visit.visitor, base::Secret(visit.form.get("ticket")), visit.facts);
  if (!done) {
    if (done.error().code == base::Code::expired) return redirect(visit, std::string(here) + "?gone=1");
    if (done.error().code == base::Code::login_failed) return redirect_to_login(visit);
    return show_error(visit, done.error());
  }
  visit.cookies.set_session(done->session_cookie);
  return redirect(visit, "/account/security/changed");
}

http::Response show_security_changed(Visit& visit) {
  return show_inside(visit, "security_done", "security_done.title", here, {});
}

}  // namespace web
