// "Prove it again": asks for one more proof before a dangerous action, by any method that the account has (S4.28), then
// leads to the page that the person wanted.
#include <algorithm>
#include <chrono>

#include "base/bytes.hpp"
#include "flow/proof/certificate_handoff.hpp"
#include "flow/proof/passkey_challenge.hpp"
#include "flow/proof/prove_again.hpp"
#include "web/account/pages.hpp"
#include "web/entry/passkey_options.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr int status_of_failure = 403;
constexpr int status_of_limit = 429;
constexpr std::string_view send_path = "/account/confirm/send";

std::string local_or_home(std::string path) {
  return flow::is_local_path(path) ? std::move(path) : "/account";
}

/// The button that sends a code, and the field for the one that was sent. Errors: unavailable.
base::Result<void> add_code_by_sms(View& view, const Visit& visit) {
  ASSIGN_OR_RETURN(const auto code, flow::find_code_again(visit.house, *visit.visitor.actor, visit.facts.now));
  view.flag("by_sms").text("csrf_send", make_session_csrf(visit, send_path));
  const bool is_by_sms = code && code->method == rights::ProofMethod::sms;
  view.flag("sms_open", is_by_sms && !code->is_dead);
  view.flag("sms_failed", is_by_sms && code->has_failed).flag("sms_waiting", is_by_sms && code->is_waiting);
  if (!is_by_sms) return {};
  view.text("shown_to", code->shown_to);
  const auto left = std::chrono::ceil<std::chrono::seconds>(code->again_at - visit.facts.now).count();
  if (left > 0) view.text("wait", std::to_string(left));
  return {};
}

/// A form for each way but the password. Errors: unavailable.
base::Result<void> add_other_ways(View& view, const Visit& visit, const std::vector<rights::ProofMethod>& methods,
                                  const std::string& next) {
  const rights::Actor& actor = *visit.visitor.actor;
  for (const rights::ProofMethod method : methods) {
    const std::string name(rights::name_of(method));
    if (method == rights::ProofMethod::passkey) {
      ASSIGN_OR_RETURN(const auto request,
                       flow::begin_passkey_proof(visit.house, actor.account().id, actor.session().id, visit.facts.now));
      view.flag("by_passkey").text("options", passkey_options(request)).text("origin", request.party.origin);
    } else if (method == rights::ProofMethod::certificate) {
      // The browser would come back to the issuer's address, without the session.
      if (visit.request.role == http::Role::connector) continue;
      view.text("certificate_at",
                flow::presentation_url(visit.house, {flow::CertificateUse::proof, actor.session().id, next},
                                       visit.facts.now));
    } else if (method == rights::ProofMethod::sms) {
      RETURN_IF_ERROR(add_code_by_sms(view, visit));
    } else if (method == rights::ProofMethod::totp || method == rights::ProofMethod::recovery) {
      view.add("codes")
          .text("method", name)
          .text("label", visit.say("confirm.code." + name))
          .flag("digits", method == rights::ProofMethod::totp);
    }
  }
  return {};
}

/// Why the form is shown again.
enum class Again : std::uint8_t {
  no,
  failed,
  certificate_failed,
  no_certificate,  // the browser has shown none
  not_sent
};

http::Response show_form(Visit& visit, const std::string& next, Again again) {
  const bool failed = again == Again::failed;
  if (visit.visitor.actor->is_acting()) return show_error(visit, 403, "nobody proves for another person");
  const auto methods = flow::list_proof_methods(visit.house, *visit.visitor.actor, visit.facts.now);
  if (!methods) return show_error(visit, methods.error());
  View view;
  view.text("page", next.substr(0, next.find('?')));
  const bool is_by_certificate = again == Again::certificate_failed || again == Again::no_certificate;
  view.text("go_to", next).flag("failed", failed).flag("no_method", methods->empty());
  if (is_by_certificate) {
    view.text("certificate_flaw",
              visit.say(again == Again::no_certificate ? "confirm.certificate_none" : "confirm.certificate_failed"));
  }
  view.flag("not_sent", again == Again::not_sent);
  const bool by_password = std::find(methods->begin(), methods->end(), rights::ProofMethod::password) != methods->end();
  view.flag("by_password", by_password).flag("other_ways", by_password && methods->size() > 1);
  view.text("csrf", make_session_csrf(visit, "/account/confirm"));
  if (const auto added = add_other_ways(view, visit, *methods, next); !added) return show_error(visit, added.error());
  return show_inside(visit, "confirm", "confirm.title", "", std::move(view),
                     failed || is_by_certificate ? status_of_failure
                     : again == Again::not_sent  ? status_of_limit
                                                 : 200);
}

/// The field that the method's form has.
std::string_view field_of(rights::ProofMethod method) {
  if (method == rights::ProofMethod::password) return "password";
  if (method == rights::ProofMethod::certificate) return "certificate";
  return method == rights::ProofMethod::passkey ? "answer" : "code";
}

/// The browser has been asked for a certificate and comes back with it; "" = none was chosen.
http::Response show_presented(Visit& visit, const std::string& next, std::string presented) {
  if (presented.empty()) return show_form(visit, next, Again::no_certificate);
  View view;
  view.text("go_to", next).text("page", next.substr(0, next.find('?'))).text("certificate", std::move(presented));
  view.text("csrf", make_session_csrf(visit, "/account/confirm"));
  return show_inside(visit, "confirm_presented", "confirm.title", "", std::move(view));
}

}  // namespace

http::Response show_confirm(Visit& visit) {
  const std::string next = local_or_home(visit.query.get("next"));
  if (visit.query.has("certificate")) return show_presented(visit, next, visit.query.get("certificate"));
  return show_form(visit, next, Again::no);
}

http::Response submit_confirm(Visit& visit) {
  const std::string next = local_or_home(visit.form.get("next"));
  const auto method = rights::parse_proof_method(visit.form.get("method"));
  if (!method) return show_error(visit, method.error());
  const auto proven = flow::prove_again(
      visit.house, *visit.visitor.actor,
      {*method, base::Secret(visit.form.get(field_of(*method))), visit.visitor.actor->session().id}, visit.facts);
  if (proven) {
    visit.cookies.set_session(*proven);
    return redirect(visit, next);
  }
  if (proven.error().code != base::Code::login_failed) return show_error(visit, proven.error());
  const bool is_by_certificate = *method == rights::ProofMethod::certificate;
  return show_form(visit, next, is_by_certificate ? Again::certificate_failed : Again::failed);
}

http::Response submit_confirm_send(Visit& visit) {
  const std::string next = local_or_home(visit.form.get("next"));
  const auto sent = flow::send_code_again(visit.house, *visit.visitor.actor, visit.facts);
  if (sent || sent.error().code == base::Code::not_found) {
    return redirect(visit, "/account/confirm?next=" + base::percent_encode(next));
  }
  return sent.error().code == base::Code::too_many ? show_form(visit, next, Again::not_sent)
                                                   : show_error(visit, sent.error());
}

}  // namespace web
