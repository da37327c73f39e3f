// The page behind the link of a reset (S4.10), in any browser and without a cookie. Opening the link changes nothing,
// because programs that scan mails open links. The button confirms the reset: with ResetForm::direct the page asks for
// the new password, else a temporary one is sent.
#include "base/json.hpp"
#include "flow/oauth/list_applications.hpp"
#include "flow/password/reset_password.hpp"
#include "flow/password/reset_settings.hpp"
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/password_words.hpp"

namespace web {
namespace {

constexpr int status_of_gone = 410;
constexpr int status_of_refusal = 422;

bool is_direct(const Visit& visit) {
  return visit.house.settings.reset.form == flow::ResetForm::direct;
}

/// An invitation asks for the new password, whatever the setting for forgotten passwords says.
base::Result<bool> asks_for_password(const Visit& visit, const std::string& token) {
  if (is_direct(visit)) return true;
  return flow::is_invitation(visit.house, token, visit.facts.now);
}

http::Response show_over(Visit& visit) {
  return show_entry(visit, "reset_over", "reset_over.title", {}, status_of_gone);
}

http::Response show_failure(Visit& visit, const base::Error& error) {
  return error.code == base::Code::expired ? show_over(visit) : show_error(visit, error);
}

http::Response show_question(Visit& visit, const std::string& token) {
  const auto open = flow::is_reset_link_open(visit.house, token, visit.facts.now);
  if (!open) return show_error(visit, open.error());
  if (!*open) return show_over(visit);
  View view;
  view.text("token", token);
  return show_entry(visit, "reset_confirm", "reset_confirm.title", std::move(view));
}

http::Response show_new_password(Visit& visit, const std::string& token, const flow::ChangeJudgement* judgement) {
  View view;
  const auto policy = flow::find_policy_of_reset(visit.house, token, visit.facts.now);
  if (!policy) return show_error(visit, policy.error());
  if (!*policy) return show_over(visit);
  add_rules(view, visit, **policy, judgement);
  if (judgement != nullptr) add_judgement(view, visit, *judgement);
  view.text("token", token);
  const auto invited = flow::is_invitation(visit.house, token, visit.facts.now);
  if (!invited) return show_error(visit, invited.error());
  view.flag("invited", *invited);
  return show_entry(visit, "reset_own", *invited ? "invitation.title" : "reset_own.title", std::move(view),
                    judgement ? status_of_refusal : 200);
}

http::Response redirect_to_done(Visit& visit, const flow::ResetDone& done) {
  return redirect(visit, "/reset/done?attempt=" + base::percent_encode(done.attempt) +
                             "&client=" + base::percent_encode(done.client) + (done.was_invited ? "&first=yes" : ""));
}

http::Response submit_new_password(Visit& visit, const std::string& token) {
  // The button of a page that was shown before the setting was changed sends no password.
  if (!visit.form.has("new_password")) return show_new_password(visit, token, nullptr);
  const auto set = flow::set_by_reset(
      visit.house, token,
      {base::Secret(visit.form.get("new_password")), base::Secret(visit.form.get("new_password_repeat"))}, visit.facts);
  if (!set) return show_failure(visit, set.error());
  if (set->done) return redirect_to_done(visit, *set->done);
  return show_new_password(visit, token, &set->judgement);
}

}  // namespace

http::Response show_reset_confirm(Visit& visit) {
  const std::string token = visit.query.get("token");
  const auto sets_own = asks_for_password(visit, token);
  if (!sets_own) return show_error(visit, sets_own.error());
  return *sets_own ? show_new_password(visit, token, nullptr) : show_question(visit, token);
}

http::Response submit_reset_confirm(Visit& visit) {
  const std::string token = visit.form.get("token");
  const auto sets_own = asks_for_password(visit, token);
  if (!sets_own) return show_error(visit, sets_own.error());
  if (*sets_own) return submit_new_password(visit, token);
  const auto done = flow::confirm_reset(visit.house, token, visit.facts);
  return done ? redirect_to_done(visit, *done) : show_failure(visit, done.error());
}

http::Response check_reset_password(Visit& visit) {
  const auto preview =
      flow::preview_reset(visit.house, visit.form.get("token"), visit.form.get("new_password"), visit.facts.now);
  return preview ? say_preview(visit, *preview) : refuse_script(visit);
}

http::Response show_reset_done(Visit& visit) {
  // In the browser that began the reset its login attempt continues. In another one the way leads to the application's
  // own start, because a login that the application did not begin in that browser would be refused there.
  View view;
  const bool is_first = visit.query.has("first");
  const bool is_own = is_first || is_direct(visit);
  view.flag("direct", is_own && !is_first).flag("first", is_first).flag("temporary", !is_own);
  const bool is_here = take_attempt(visit, visit.query.get("attempt"));
  if (is_here) view.text("attempt", visit.attempt->id.to_string());
  if (!is_here) {
    const auto application = flow::find_application(visit.house, visit.query.get("client"), visit.language);
    if (!application) return show_error(visit, application.error());
    if (*application) view.text("application", (*application)->name).text("start", (*application)->url);
  }
  return show_entry(visit, "reset_done",
                    is_first ? "invitation.done.title"
                    : is_own ? "reset_set.title"
                             : "reset_done.title",
                    std::move(view));
}

}  // namespace web
