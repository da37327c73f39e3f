#include "web/page/proof.hpp"

#include "flow/proof/prove_again.hpp"

namespace web {

Proof settle_proof(Visit& visit) {
  if (flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now)) return Proof::fresh;
  const base::Secret password(visit.form.get("password"));
  if (password.empty()) return Proof::missing;
  auto proven =
      flow::prove_again(visit.house, *visit.visitor.actor, {rights::ProofMethod::password, password}, visit.facts);
  if (!proven) {
    if (proven.error().code == base::Code::too_many) return Proof::barred;
    return proven.error().code == base::Code::login_failed ? Proof::wrong : Proof::unavailable;
  }
  visit.cookies.set_session(*proven);
  auto again = flow::find_visitor(visit.house, proven->reveal(), visit.facts, false);
  if (!again || !again->actor) return Proof::unavailable;
  visit.visitor = std::move(*again);
  return Proof::fresh;
}

void add_proof(View& view, const Visit& visit) {
  view.flag("ask_proof", !flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now));
}

}  // namespace web
