// "Prove it again": the password once more before a dangerous action, then on to where the person wanted to go.
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
  View view;
  view.text("go_to", next).flag("failed", failed);
  view.text("csrf", make_session_csrf(visit, "/account/confirm"));
  return show_inside(visit, "confirm", "confirm.title", "", std::move(view), failed ? status_of_failure : 200);
}

}  // namespace

http::Response show_confirm(Visit& visit) {
  return show_form(visit, local_or_home(visit.query.get("next")), false);
}

http::Response submit_confirm(Visit& visit) {
  const std::string next = local_or_home(visit.form.get("next"));
  const auto proven =
      flow::prove_again(visit.house, *visit.visitor.actor,
                        {rights::ProofMethod::password, base::Secret(visit.form.get("password"))}, visit.facts);
  if (proven) return redirect(visit, next);
  return proven.error().code == base::Code::login_failed ? show_form(visit, next, true)
                                                         : show_error(visit, proven.error());
}

}  // namespace web
