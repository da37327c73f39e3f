// Takes the form of the login by password (S4.3).
#include "flow/login/login_password.hpp"

#include "flow/session/session_settings.hpp"
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"

namespace web {

http::Response submit_login_password(Visit& visit) {
  const std::string id = visit.attempt->id.to_string();
  const auto done = flow::login_password(visit.house,
                                         {visit.form.get("login"), base::Secret(visit.form.get("password")),
                                          browser::session_of(visit.request), visit.attempt->client_id},
                                         visit.facts);
  if (!done) return show_login_failure(visit, done.error());
  visit.cookies.set_session(done->session_cookie);
  visit.cookies.set_device(done->device_cookie, visit.house.settings.session.device_lasts);
  if (visit.attempt->choose_account) {
    visit.attempt->choose_account = false;  // the login has chosen it
    keep_attempt(visit);
  }
  if (done->must_change != identity::MustChange::no) return redirect(visit, "/login/change?attempt=" + id);
  if (done->needs_context) return redirect(visit, "/login/context?attempt=" + id);
  if (visit.attempt->request.empty()) forget_attempt(visit);
  return redirect(visit, flow::resume_url(*visit.attempt));
}

}  // namespace web
