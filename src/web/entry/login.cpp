// The start of a login: the attempt, the form, and the question whether to continue as the person who is logged in
// (S4.2).
#include <algorithm>

#include "browser/refusal_log.hpp"
#include "flow/login/finish_login.hpp"
#include "flow/login/login_remembered.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/proof/passkey_challenge.hpp"
#include "flow/proof/proof_settings.hpp"
#include "identity/identifier/login_name.hpp"
#include "web/entry/factor.hpp"
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr int status_of_failure = 403;
constexpr std::string_view field_of_failure = "failed";
constexpr std::string_view field_of_passkey = "passkey";  // what failed was a passkey
constexpr int status_of_bar = 429;  // of the network: it depends on the address alone and tells nothing of an account

View make_login_view(const Visit& visit, std::string_view path) {
  View view;
  view.text("attempt", visit.attempt->id.to_string()).text("csrf", make_attempt_csrf(visit, path));
  const flow::RelyingParty party = flow::find_relying_party(visit.house);
  if (party.is_possible) {
    view.text("passkey_origin", party.origin).text("csrf_passkey", make_attempt_csrf(visit, "/login/passkey"));
  }
  // The browser comes back to the issuer's address, where a login that began at the connector is not known.
  const bool is_at_issuer = visit.request.role != http::Role::connector;
  view.flag("by_certificate", is_at_issuer && !visit.house.settings.proof.certificate_origin.empty());
  view.flag("to_device", visit.attempt->return_to.starts_with("/device/"));
  view.text("login_hint", visit.attempt->login_hint).flag("session_over", visit.query.get("ended") == "1");
  return view;
}

/// Which proof has failed: the words speak of it.
enum class Tried : std::uint8_t {
  password,
  passkey
};

http::Response show_failed_form(Visit& visit, std::string request_id, Tried tried, int status) {
  View view = make_login_view(visit, "/login/password");
  view.flag("failed").text("request_id", std::move(request_id));
  view.flag("password_failed", tried == Tried::password).flag("passkey_failed", tried == Tried::passkey);
  return show_entry(visit, "login", "login_failed.title", std::move(view), status);
}

http::Response show_login_form(Visit& visit) {
  return show_entry(visit, "login", "login.title", make_login_view(visit, "/login/password"));
}

/// The login begins with the second step where the first one is remembered (S3.2), unless the application wants a new
/// login.
http::Response show_first_step(Visit& visit) {
  if (visit.attempt->force_login || visit.attempt->choose_account) return show_login_form(visit);
  const auto person = flow::find_remembered(visit.house, visit.facts);
  if (!person) return show_error(visit, person.error());
  if (!*person) return show_login_form(visit);
  View view;
  view.text("attempt", visit.attempt->id.to_string()).text("csrf", make_attempt_csrf(visit, "/login/remembered"));
  view.text("person", (*person)->name).text("shown_to", (*person)->shown_to);
  view.flag("by_sms", (*person)->method == rights::ProofMethod::sms);
  view.flag("by_email", (*person)->method == rights::ProofMethod::email);
  return show_entry(visit, "remembered", "remembered.title", std::move(view));
}

http::Response show_choose_account(Visit& visit) {
  View view = make_login_view(visit, "/login/continue");
  view.text("person", visit.visitor.account()->display_name()).text("person_login", visit.visitor.account()->login);
  return show_entry(visit, "choose_account", "choose_account.title", std::move(view));
}

/// The next step for a person who need not log in again.
http::Response go_on(Visit& visit) {
  const bool is_too_weak = visit.visitor.session()->proofs.level() < visit.attempt->level;
  if (visit.visitor.must_prove() || is_too_weak) return redirect(visit, factor_url(visit));
  if (visit.visitor.pending) return redirect(visit, "/login/context?attempt=" + visit.attempt->id.to_string());
  if (visit.attempt->client_id.empty()) forget_attempt(visit);
  return redirect(visit, flow::resume_url(*visit.attempt));
}

/// The attempt keeps the login, so that "I forgot my password" and the page in another language have it as well.
void keep_typed_login(Visit& visit) {
  std::string typed = visit.form.get("login");
  if (typed.size() > identity::longest_typed_login) typed.clear();
  visit.attempt->login_hint = std::move(typed);
  keep_attempt(visit);
}

/// All refusals of one kind of proof are one page (S4.6): for one typed login status and octets are the same whatever
/// the reason, except for the request id.
http::Response show_failure(Visit& visit, Tried tried, int status) {
  browser::log_refusal(visit.request, status, "a login failed; the audit log has the reason");
  if (tried == Tried::password) keep_typed_login(visit);
  visit.kept.emplace_back(field_of_failure, visit.request.request_id);
  if (tried == Tried::passkey) visit.kept.emplace_back(field_of_passkey, "1");
  return show_failed_form(visit, visit.request.request_id, tried, status);
}

http::Response show_bar(Visit& visit, Tried tried) {
  http::Response response = show_failure(visit, tried, status_of_bar);
  const auto wait = std::chrono::ceil<std::chrono::seconds>(visit.house.settings.lockout.network.refill).count();
  response.add("Retry-After", std::to_string(std::max<std::int64_t>(1, wait)));
  return response;
}

http::Response refuse_login(Visit& visit, const base::Error& error, Tried tried) {
  if (error.code == base::Code::too_many) return show_bar(visit, tried);
  if (error.reason == flow::no_factor)
    return show_entry(visit, "factor_none", "factor.none.title", {}, status_of_failure);
  return error.code == base::Code::login_failed ? show_failure(visit, tried, status_of_failure)
                                                : show_error(visit, error);
}

}  // namespace

bool is_request_number(std::string_view text) {
  constexpr std::size_t longest = 64;
  return !text.empty() && text.size() <= longest &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

http::Response show_login_failure(Visit& visit, const base::Error& error) {
  return refuse_login(visit, error, Tried::password);
}

http::Response show_passkey_failure(Visit& visit, const base::Error& error) {
  return refuse_login(visit, error, Tried::passkey);
}

http::Response show_attempt_gone(Visit& visit) {
  return show_entry(visit, "login_expired", "login_expired.title", {}, 400);
}

http::Response show_login(Visit& visit) {
  if (!take_attempt(visit, visit.query.get("attempt"))) {
    if (visit.visitor.actor) return redirect(visit, "/account");
    if (visit.visitor.must_prove()) return redirect(visit, "/login/factor");
    if (visit.visitor.pending) return redirect(visit, "/login/context");
    begin_attempt(visit, "/account");
    return show_first_step(visit);
  }
  if (!is_session_enough(visit)) return show_first_step(visit);
  if (visit.attempt->choose_account) return show_choose_account(visit);
  return go_on(visit);
}

http::Response show_login_password(Visit& visit) {
  // A visitor with a session comes here too: "use another account".
  if (!take_attempt(visit, visit.query.get("attempt"))) {
    begin_attempt(visit, "/account");
    return show_login_form(visit);
  }
  // The page of a refusal in another language tells the refusal again, with its number.
  std::string number = visit.query.get(field_of_failure);
  if (!is_request_number(number)) return show_login_form(visit);
  const Tried tried = visit.query.has(field_of_passkey) ? Tried::passkey : Tried::password;
  return show_failed_form(visit, std::move(number), tried, 200);
}

http::Response submit_remembered(Visit& visit) {
  const auto person = flow::find_remembered(visit.house, visit.facts);
  if (!person) return show_error(visit, person.error());
  if (!*person) return show_login_form(visit);
  const auto done = flow::login_remembered(
      visit.house, {(*person)->account_id, browser::session_of(visit.request), visit.attempt->client_id}, visit.facts);
  if (!done) return show_login_failure(visit, done.error());
  return go_on_after(visit, *done);
}

http::Response continue_login(Visit& visit) {
  if (!is_session_enough(visit)) return redirect(visit, flow::login_url(*visit.attempt));
  visit.attempt->choose_account = false;
  keep_attempt(visit);
  return go_on(visit);
}

}  // namespace web
