// "Prove it again": asks for one more proof before a dangerous action, by any method that the account has (S4.28), then
// leads to the page that the person wanted.
#include <algorithm>

#include "flow/proof/prove_again.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr int status_of_failure = 403;

std::string local_or_home(std::string path) {
  return flow::is_local_path(path) ? std::move(path) : "/account";
}

http::Response show_form(Visit& visit, const std::string& next, bool failed) {
  if (visit.visitor.actor->is_acting()) return show_error(visit, 403, "nobody proves for another person");
  const auto methods = flow::list_proof_methods(visit.house, *visit.visitor.actor);
  if (!methods) return show_error(visit, methods.error());
  View view;
  view.text("page", next.substr(0, next.find('?')));
  view.text("go_to", next).flag("failed", failed).flag("no_method", methods->empty());
  const auto has = [&](rights::ProofMethod method) {
    return std::find(methods->begin(), methods->end(), method) != methods->end();
  };
  view.flag("by_password", has(rights::ProofMethod::password));
  view.text("csrf", make_session_csrf(visit, "/account/confirm"));
  return show_inside(visit, "confirm", "confirm.title", "", std::move(view), failed ? status_of_failure : 200);
}

}  // namespace

http::Response show_confirm(Visit& visit) {
  return show_form(visit, local_or_home(visit.query.get("next")), false);
}

http::Response submit_confirm(Visit& visit) {
  const std::string next = local_or_home(visit.form.get("next"));
  const auto method = rights::parse_proof_method(visit.form.get("method"));
  if (!method) return show_error(visit, method.error());
  const auto proven = flow::prove_again(visit.house, *visit.visitor.actor,
                                        {*method, base::Secret(visit.form.get("password"))}, visit.facts);
  if (proven) {
    visit.cookies.set_session(*proven);
    return redirect(visit, next);
  }
  return proven.error().code == base::Code::login_failed ? show_form(visit, next, true)
                                                         : show_error(visit, proven.error());
}

}  // namespace web
