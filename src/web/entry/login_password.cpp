// Takes the form of the login by password (S4.3, S4.6). All refusals of the proof are one page: for one attempt status
// and octets are the same whatever the reason, except for the request id. The page does not repeat what was typed.
#include "flow/login/login_password.hpp"

#include "browser/refusal_log.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/session/session_settings.hpp"
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr int status_of_failure = 403;
constexpr int status_of_bar = 429;  // the network is barred: this depends on no account

http::Response show_failure(Visit& visit, int status) {
  browser::log_refusal(visit.request, status, "a login failed; the audit log has the reason");
  View view;
  view.text("attempt", visit.attempt->id.to_string()).text("request_id", visit.request.request_id);
  return show_entry(visit, "login_failed", "login_failed.title", std::move(view), status);
}

http::Response show_bar(Visit& visit) {
  http::Response response = show_failure(visit, status_of_bar);
  const auto wait = std::chrono::ceil<std::chrono::seconds>(visit.house.settings.lockout.network.refill).count();
  response.add("Retry-After", std::to_string(std::max<std::int64_t>(1, wait)));
  return response;
}

}  // namespace

http::Response submit_login_password(Visit& visit) {
  const std::string id = visit.attempt->id.to_string();
  const auto done = flow::login_password(visit.house,
                                         {visit.form.get("login"), base::Secret(visit.form.get("password")),
                                          browser::session_of(visit.request), visit.attempt->client_id},
                                         visit.facts);
  if (!done) {
    if (done.error().code == base::Code::too_many) return show_bar(visit);
    return done.error().code == base::Code::login_failed ? show_failure(visit, status_of_failure)
                                                         : show_error(visit, done.error());
  }
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
