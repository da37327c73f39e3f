// A login that owes a second factor sets one up (S3.4): an authenticator app or a passkey, then the recovery codes
// once. In the days of grace the same page is an offer.
#include <algorithm>

#include "browser/refusal_log.hpp"
#include "flow/login/enrol_login.hpp"
#include "web/entry/factor.hpp"
#include "web/entry/pages.hpp"
#include "web/entry/passkey_options.hpp"
#include "web/entry/qr_code.hpp"
#include "web/entry/recovery_codes.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

using rights::ProofMethod;

constexpr std::string_view here = "/login/enrol";
constexpr std::string_view app_path = "/login/enrol/app";
constexpr std::string_view passkey_path = "/login/enrol/passkey";
constexpr int status_of_refusal = 422;

enum class Refused : std::uint8_t {
  nothing,
  code,    // of the app
  answer,  // of the browser, about a passkey
  name
};

std::string url_of(const Visit& visit, std::string_view name = {}, std::string_view value = {}) {
  std::string url(here);
  if (visit.attempt) url.append("?attempt=").append(visit.attempt->id.to_string());
  if (!name.empty()) url.append(visit.attempt ? "&" : "?").append(name).append("=").append(value);
  return url;
}

std::string client_of(const Visit& visit) {
  return visit.attempt ? visit.attempt->client_id : std::string();
}

void add_choices(View& view, const Visit& visit, const std::vector<ProofMethod>& methods) {
  view.flag("by_choice").text("heading", visit.say("enrol.title"));
  bool is_first = true;
  for (const ProofMethod method : methods) {
    const bool is_app = method == ProofMethod::totp;
    View& item = view.add("choices");
    item.text("name", visit.say(is_app ? "factors.unnamed_app" : "factors.unnamed_passkey"));
    item.text("about", visit.say(is_app ? "factors.apps_text" : "factors.passkeys_text"));
    item.text("label", visit.say(is_app ? "factors.add_app" : "factors.add_passkey"));
    item.text("href", url_of(visit, "method", rights::name_of(method))).flag("quiet", !is_first);
    is_first = false;
  }
}

base::Result<void> add_app(View& view, const Visit& visit, const flow::TotpOffer& offer, Refused refused) {
  ASSIGN_OR_RETURN(const QrCode code, make_qr_code(offer.address));
  view.flag("by_totp").text("heading", visit.say("factor_app.title"));
  view.text("qr_size", std::to_string(code.size)).text("qr_path", code.path);
  view.text("secret", offer.secret).text("address", offer.address);
  view.text("ticket", std::string(offer.ticket.reveal())).text("csrf_app", make_session_csrf(visit, app_path));
  view.text("name_why", visit.say("factor_app.name_why")).flag("wrong_code", refused == Refused::code);
  return {};
}

void add_passkey(View& view, const Visit& visit, const flow::PasskeyOffer& offer, Refused refused) {
  view.flag("by_passkey").text("heading", visit.say("factor_passkey.title"));
  view.text("options", passkey_options(offer)).text("origin", offer.party.origin);
  view.text("csrf_passkey", make_session_csrf(visit, passkey_path)).flag("failed", refused == Refused::answer);
  view.text("name_why", visit.say("factor_passkey.name_why"));
}

/// A step that is not open: whatever comes next in this login.
http::Response leave(Visit& visit) {
  return visit.visitor.must_prove() ? redirect(visit, factor_url(visit)) : go_on_with_login(visit);
}

/// `ticket`: of the app that is being confirmed; "" = a new offer.
http::Response show_step(Visit& visit, std::optional<ProofMethod> wished, Refused refused,
                         const base::Secret& ticket = {}) {
  const auto step = flow::find_enrol_step(visit.house, visit.visitor, visit.facts);
  if (!step) {
    return step.error().code == base::Code::login_failed ? leave(visit) : show_error(visit, step.error());
  }
  if (!step->is_open) return leave(visit);
  const auto& methods = step->methods;
  const bool is_there = wished && std::find(methods.begin(), methods.end(), *wished) != methods.end();
  if (!is_there) wished = methods.size() == 1 ? std::optional(methods.front()) : std::nullopt;
  View view;
  if (!wished) {
    add_choices(view, visit, methods);
  } else if (*wished == ProofMethod::totp) {
    const auto offer = ticket.empty()
                           ? flow::begin_login_totp(visit.house, visit.visitor, visit.facts)
                           : flow::show_login_totp_again(visit.house, visit.visitor, ticket, visit.facts.now);
    if (!offer) {
      return offer.error().code == base::Code::expired ? redirect(visit, url_of(visit, "refused", "gone"))
                                                       : show_error(visit, offer.error());
    }
    if (const auto added = add_app(view, visit, *offer, refused); !added) return show_error(visit, added.error());
  } else {
    const auto offer = flow::begin_login_passkey(visit.house, visit.visitor, visit.facts);
    if (!offer) return show_error(visit, offer.error());
    add_passkey(view, visit, *offer, refused);
  }
  if (visit.attempt) view.text("attempt", visit.attempt->id.to_string());
  view.flag("is_owed", step->is_owed).flag("gone", visit.query.get("refused") == "gone");
  if (wished && methods.size() > 1) view.text("other", url_of(visit));
  if (!step->is_owed && step->days_left) {
    view.text("days_left", visit.say("enrol.days_left", {{"n", *step->days_left}}));
    view.text("later", url_of(visit, "later", "1"));
  }
  view.text("typed_name", visit.form.get("name"));
  if (refused == Refused::name) view.text("bad_name", visit.say("sessions.name_refused"));
  view.text("csrf_logout", make_session_csrf(visit, "/logout"));
  return show_entry(visit, "enrol", "enrol.title", std::move(view),
                    refused == Refused::nothing ? 200 : status_of_refusal);
}

http::Response go_on(Visit& visit, const flow::Enrolled& enrolled) {
  std::string next = next_url_after(visit, enrolled.done);
  visit.is_shown_once = true;
  View view;
  if (enrolled.recovery_codes.empty()) {
    view.text("go_to", std::move(next));
    return show_entry(visit, "enrol_done", "enrol.done_title", std::move(view));
  }
  add_recovery_codes(view.flag("has_codes"), visit, *visit.visitor.account(), enrolled.recovery_codes, std::move(next));
  return show_entry(visit, "enrol_done", "recovery.title", std::move(view));
}

http::Response refuse(Visit& visit, const base::Error& error, ProofMethod method, const base::Secret& ticket) {
  switch (error.code) {
    case base::Code::expired: return redirect(visit, url_of(visit, "refused", "gone"));
    // Another login, another tab or the administrator came first: the page knows what is next.
    case base::Code::conflict: return redirect(visit, url_of(visit));
    case base::Code::invalid_input: return show_step(visit, method, Refused::name, ticket);
    case base::Code::login_failed:
    case base::Code::already_exists:
      browser::log_refusal(visit.request, status_of_refusal, error.reason);
      return show_step(visit, method, method == ProofMethod::totp ? Refused::code : Refused::answer, ticket);
    default: return show_error(visit, error);
  }
}

std::optional<ProofMethod> wished_method(const Visit& visit) {
  const auto method = rights::parse_proof_method(visit.query.get("method"));
  return method ? std::optional(*method) : std::nullopt;
}

}  // namespace

http::Response show_enrol(Visit& visit) {
  take_attempt(visit, visit.query.get("attempt"));
  if (visit.query.get("later") == "1" && !visit.visitor.must_prove()) return go_on_with_login(visit);
  return show_step(visit, wished_method(visit), Refused::nothing);
}

http::Response submit_enrol_app(Visit& visit) {
  const base::Secret ticket(visit.form.get("ticket"));
  const base::Secret code(visit.form.get("code"));
  const std::string name = visit.form.get("name");
  const auto done = flow::enrol_totp(visit.house, visit.visitor, {ticket, code, name}, client_of(visit), visit.facts);
  return done ? go_on(visit, *done) : refuse(visit, done.error(), ProofMethod::totp, ticket);
}

http::Response submit_enrol_passkey(Visit& visit) {
  const base::Secret answer(visit.form.get("answer"));
  const std::string name = visit.form.get("name");
  const auto done = flow::enrol_passkey(visit.house, visit.visitor, {answer, name}, client_of(visit), visit.facts);
  return done ? go_on(visit, *done) : refuse(visit, done.error(), ProofMethod::passkey, {});
}

}  // namespace web
