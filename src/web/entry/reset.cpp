// A forgotten password (S4.10): the page explains the steps and names the sender of the mail. The answer is the same
// for every login, known or unknown.
#include "flow/password/reset_password.hpp"
#include "flow/password/reset_settings.hpp"
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

View make_view(const Visit& visit) {
  View view;
  view.flag("direct", visit.house.settings.reset.form == flow::ResetForm::direct);
  view.text("sender", visit.options.mail_sender);
  return view;
}

}  // namespace

http::Response show_reset(Visit& visit) {
  if (!take_attempt(visit, visit.query.get("attempt"))) begin_attempt(visit, "/account");
  View view = make_view(visit);
  view.text("attempt", visit.attempt->id.to_string()).text("csrf", make_attempt_csrf(visit, "/reset"));
  view.text("login_hint", visit.attempt->login_hint);
  return show_entry(visit, "reset", "reset.title", std::move(view));
}

http::Response submit_reset(Visit& visit) {
  const std::string id = visit.attempt->id.to_string();
  const auto asked = flow::ask_for_reset(
      visit.house, {visit.form.get("login"), id, visit.language, visit.attempt->client_id}, visit.facts);
  if (!asked) return show_error(visit, asked.error());
  return redirect(visit, "/reset/sent?attempt=" + id);
}

http::Response show_reset_sent(Visit& visit) {
  const bool known = take_attempt(visit, visit.query.get("attempt"));
  View view = make_view(visit);
  if (known) view.text("attempt", visit.attempt->id.to_string());
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(visit.house.settings.reset.link_lasts).count();
  view.text("valid", visit.say("reset_sent.valid", {{"minutes", std::int64_t{minutes}}}));
  return show_entry(visit, "reset_sent", "reset_sent.title", std::move(view));
}

}  // namespace web
