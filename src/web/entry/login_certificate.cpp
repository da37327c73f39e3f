// Login by certificate (S4.4): what the browser is going to ask, the listener
// that asks, and the way back.
#include "flow/login/login_certificate.hpp"

#include "browser/refusal_log.hpp"
#include "flow/proof/certificate_handoff.hpp"
#include "web/entry/factor.hpp"
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr int status_of_failure = 403;
constexpr std::string_view field_of_failure = "failed";
constexpr std::string_view field_of_nothing = "nothing";  // the browser has shown no certificate

/// One page for all refusals of a certificate (S4.6). That none was shown the browser knows anyway.
http::Response show_failed(Visit& visit, std::string number, bool was_shown, int status) {
  View view;
  view.text("attempt", visit.attempt->id.to_string()).text("request_id", std::move(number));
  view.flag("was_shown", was_shown);
  return show_entry(visit, "login_certificate_failed", "login_failed.title", std::move(view), status);
}

}  // namespace

http::Response show_login_certificate(Visit& visit) {
  if (!take_attempt(visit, visit.query.get("attempt"))) begin_attempt(visit, "/account");
  // The page of a refusal in another language tells the refusal again, with its number.
  if (std::string number = visit.query.get(field_of_failure); is_request_number(number))
    return show_failed(visit, std::move(number), !visit.query.has(field_of_nothing), 200);
  std::string address =
      flow::presentation_url(visit.house, {flow::CertificateUse::login, visit.attempt->id, {}}, visit.facts.now);
  if (address.empty()) return show_error(visit, 404, "no listener asks for certificates");
  View view;
  view.text("attempt", visit.attempt->id.to_string()).text("address", std::move(address));
  return show_entry(visit, "login_certificate", "login_certificate.title", std::move(view));
}

http::Response show_present_certificate(Visit& visit) {
  const auto errand = flow::open_errand(visit.house, visit.query.get("errand"), visit.facts.now);
  if (!errand) return show_attempt_gone(visit);
  // A listener without TLS, or one that does not ask, knows no certificate.
  // What headers say of one is not read.
  return redirect(visit, flow::return_url(visit.house, *errand, visit.request.client_certificate, visit.facts.now));
}

http::Response show_certificate_return(Visit& visit) {
  if (!take_attempt(visit, visit.query.get("attempt"))) return show_attempt_gone(visit);
  View view;
  view.text("attempt", visit.attempt->id.to_string()).text("certificate", visit.query.get("certificate"));
  view.text("csrf", make_attempt_csrf(visit, "/login/certificate"));
  return show_entry(visit, "certificate_return", "certificate_return.title", std::move(view));
}

http::Response submit_login_certificate(Visit& visit) {
  const base::Secret presented(visit.form.get("certificate"));
  const auto done = flow::login_certificate(
      visit.house, {presented, visit.attempt->id, browser::session_of(visit.request), visit.attempt->client_id},
      visit.facts);
  if (done) return go_on_after(visit, *done);
  const base::Error& error = done.error();
  if (error.code != base::Code::login_failed || error.reason == flow::no_factor)
    return show_login_failure(visit, error);
  browser::log_refusal(visit.request, status_of_failure, "a login failed; the audit log has the reason");
  visit.kept.emplace_back(field_of_failure, visit.request.request_id);
  if (presented.empty()) visit.kept.emplace_back(field_of_nothing, "1");
  return show_failed(visit, visit.request.request_id, !presented.empty(), status_of_failure);
}

}  // namespace web
