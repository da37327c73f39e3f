// The start of a login: the attempt, the form, and the question whether to continue as the person who is logged in
// (S4.2).
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

View make_login_view(const Visit& visit, std::string_view path) {
  View view;
  view.text("attempt", visit.attempt->id.to_string()).text("csrf", make_attempt_csrf(visit, path));
  view.text("login_hint", visit.attempt->login_hint);
  view.text("client", visit.attempt->client_name);
  return view;
}

http::Response show_login_form(Visit& visit) {
  return show_entry(visit, "login", "login.title", make_login_view(visit, "/login/password"));
}

http::Response show_choose_account(Visit& visit) {
  View view = make_login_view(visit, "/login/continue");
  view.text("person", visit.visitor.account()->display_name()).text("person_login", visit.visitor.account()->login);
  return show_entry(visit, "choose_account", "choose_account.title", std::move(view));
}

/// The next step for a person who need not log in again.
http::Response go_on(Visit& visit) {
  if (visit.visitor.pending) return redirect(visit, "/login/context?attempt=" + visit.attempt->id.to_string());
  if (visit.attempt->client_id.empty()) forget_attempt(visit);
  return redirect(visit, flow::resume_url(*visit.attempt));
}

}  // namespace

http::Response show_attempt_gone(Visit& visit) {
  return show_entry(visit, "login_expired", "login_expired.title", {}, 400);
}

http::Response show_login(Visit& visit) {
  if (!take_attempt(visit, visit.query.get("attempt"))) {
    if (visit.visitor.actor) return redirect(visit, "/account");
    if (visit.visitor.pending) return redirect(visit, "/login/context");
    begin_attempt(visit, "/account");
    return show_login_form(visit);
  }
  if (!is_session_enough(visit)) return show_login_form(visit);
  if (visit.attempt->choose_account) return show_choose_account(visit);
  return go_on(visit);
}

http::Response show_login_password(Visit& visit) {
  // A visitor with a session comes here too: "use another account".
  if (!take_attempt(visit, visit.query.get("attempt"))) begin_attempt(visit, "/account");
  return show_login_form(visit);
}

http::Response continue_login(Visit& visit) {
  if (!is_session_enough(visit)) return redirect(visit, flow::login_url(*visit.attempt));
  visit.attempt->choose_account = false;
  keep_attempt(visit);
  return go_on(visit);
}

}  // namespace web
