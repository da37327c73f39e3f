// "Prove it again": asks for one more proof before a dangerous action, by any method that the account has (S4.28), then
// leads to the page that the person wanted.
#include <algorithm>

#include "flow/proof/passkey_challenge.hpp"
#include "flow/proof/prove_again.hpp"
#include "web/account/pages.hpp"
#include "web/entry/passkey_options.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr int status_of_failure = 403;

std::string local_or_home(std::string path) {
  return flow::is_local_path(path) ? std::move(path) : "/account";
}

/// A form for each way but the password. Errors: unavailable.
base::Result<void> add_other_ways(View& view, const Visit& visit, const std::vector<rights::ProofMethod>& methods) {
  const rights::Actor& actor = *visit.visitor.actor;
  for (const rights::ProofMethod method : methods) {
    const std::string name(rights::name_of(method));
    if (method == rights::ProofMethod::passkey) {
      ASSIGN_OR_RETURN(const auto request,
                       flow::begin_passkey_proof(visit.house, actor.account().id, actor.session().id, visit.facts.now));
      view.flag("by_passkey").text("options", passkey_options(request)).text("origin", request.party.origin);
    } else if (method == rights::ProofMethod::totp || method == rights::ProofMethod::recovery) {
      view.add("codes")
          .text("method", name)
          .text("label", visit.say("confirm.code." + name))
          .flag("digits", method == rights::ProofMethod::totp);
    }
  }
  return {};
}

http::Response show_form(Visit& visit, const std::string& next, bool failed) {
  if (visit.visitor.actor->is_acting()) return show_error(visit, 403, "nobody proves for another person");
  const auto methods = flow::list_proof_methods(visit.house, *visit.visitor.actor);
  if (!methods) return show_error(visit, methods.error());
  View view;
  view.text("page", next.substr(0, next.find('?')));
  view.text("go_to", next).flag("failed", failed).flag("no_method", methods->empty());
  const bool by_password = std::find(methods->begin(), methods->end(), rights::ProofMethod::password) != methods->end();
  view.flag("by_password", by_password).flag("other_ways", by_password && methods->size() > 1);
  view.text("csrf", make_session_csrf(visit, "/account/confirm"));
  if (const auto added = add_other_ways(view, visit, *methods); !added) return show_error(visit, added.error());
  return show_inside(visit, "confirm", "confirm.title", "", std::move(view), failed ? status_of_failure : 200);
}

/// The field that the method's form has.
std::string_view field_of(rights::ProofMethod method) {
  if (method == rights::ProofMethod::password) return "password";
  return method == rights::ProofMethod::passkey ? "answer" : "code";
}

}  // namespace

http::Response show_confirm(Visit& visit) {
  return show_form(visit, local_or_home(visit.query.get("next")), false);
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
  return proven.error().code == base::Code::login_failed ? show_form(visit, next, true)
                                                         : show_error(visit, proven.error());
}

}  // namespace web
