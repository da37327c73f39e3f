#include "flow/proof/prove_again.hpp"

#include <algorithm>
#include <memory>

#include "audit/event.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/proof/policy_in_force.hpp"
#include "flow/proof/proof_settings.hpp"
#include "flow/session/factor_demand.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/session/live_session.hpp"
#include "flow/session/session_cookie.hpp"
#include "flow/session/write_session.hpp"
#include "rights/factor_policy.hpp"
#include "rights/session.hpp"
#include "store/account/accounts.hpp"
#include "store/engine/store.hpp"
#include "store/password/passwords.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

/// The actor's session under a new id and with a fresh proof. Its grants and clients move with it.
base::Result<base::Secret> renew_session(store::Tx& tx, const rights::Actor& actor, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto current, store::find_session(tx, actor.session().id));
  const auto ended = [] { return base::fail(base::Code::conflict, "the session was replaced or has ended"); };
  if (!current || current->context_id != actor.context().id) return ended();
  ASSIGN_OR_RETURN(const auto account, find_holder(tx, *current, facts.now));
  if (!account) return ended();
  NewSessionCookie cookie = make_session_cookie(facts.now);
  rights::Session next = *current;
  next.id = cookie.id;
  next.secret_hash = cookie.secret_hash;
  RETURN_IF_ERROR(write_session(tx, {next, *account, &actor.context(), current->id}, facts));
  RETURN_IF_ERROR(store::set_proven(tx, next.id, facts.now));
  return std::move(cookie.value);
}

/// Whether the account may prove it again so: a mailbox alone proves too little here, and a code by SMS where the rules
/// of second factors do not count it.
base::Result<bool> may_prove_by(store::Tx& tx, const identity::Account& account, rights::ProofMethod method) {
  if (method == rights::ProofMethod::email) return false;
  if (method != rights::ProofMethod::sms) return true;
  ASSIGN_OR_RETURN(const rights::FactorDemand demand, find_demand(tx, account.id));
  return !demand.is_on || rights::counts_as_second(demand.rules.methods, method);
}

/// Whether the password proves nothing any more (S4.11), so that it is not offered.
base::Result<bool> has_ended_password(store::Tx& tx, const identity::Account& account, base::Time now) {
  ASSIGN_OR_RETURN(const auto password, store::find_password(tx, account.id));
  ASSIGN_OR_RETURN(const PolicyInForce in_force, find_policy(tx, account, now));
  return password && !find_end_of_password(*password, in_force.policy, now).empty();
}

}  // namespace

bool is_proof_fresh(const House& house, const rights::Session& session, base::Time now) {
  const base::Time last = session.proven_at ? std::max(*session.proven_at, session.auth_time) : session.auth_time;
  // A proof in the future is not fresh: the clock was set back.
  return last <= now && now < last + house.settings.proof.lasts;
}

bool has_fresh_proof(const House& house, const rights::Actor& actor, base::Time now) {
  // Nobody proves for another person.
  if (actor.is_acting()) return false;
  return actor.is_operator() || is_proof_fresh(house, actor.session(), now);
}

base::Result<std::vector<rights::ProofMethod>> list_proof_methods(const House& house, const rights::Actor& actor,
                                                                  base::Time now) {
  if (actor.is_operator()) return std::vector<rights::ProofMethod>();
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<rights::ProofMethod>> {
    ASSIGN_OR_RETURN(auto methods, list_methods_of(house, tx, actor.account()));
    std::vector<rights::ProofMethod> allowed;
    for (const rights::ProofMethod one : methods) {
      ASSIGN_OR_RETURN(const bool may, may_prove_by(tx, actor.account(), one));
      const bool is_password = one == rights::ProofMethod::password;
      ASSIGN_OR_RETURN(const bool is_over, is_password ? has_ended_password(tx, actor.account(), now) : false);
      if (may && !is_over) allowed.push_back(one);
    }
    return allowed;
  });
}

base::Result<void> send_code_again(const House& house, const rights::Actor& actor, const RequestFacts& facts) {
  if (actor.is_operator()) return base::fail(base::Code::denied, "the operator has nothing to prove with");
  const auto send = [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const bool may, may_prove_by(tx, actor.account(), rights::ProofMethod::sms));
    if (!may) return base::fail(base::Code::not_found, "the rules do not count a code by SMS");
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, actor.account().id));
    if (!account) return base::fail(base::Code::conflict, "the account is gone");
    return send_login_code(house, tx, {*account, actor.session().id, rights::ProofMethod::sms, CodeUse::again}, facts);
  };
  ASSIGN_OR_RETURN(const bool is_sent, write_for(house, actor, facts.now, send));
  if (!is_sent) return base::fail(base::Code::too_many, "a limit of short messages is reached");
  return {};
}

base::Result<std::optional<SentCode>> find_code_again(const House& house, const rights::Actor& actor, base::Time now) {
  return house.store.read([&](store::Tx& tx) { return find_sent_code(house, tx, actor.session().id, now); });
}

base::Result<base::Secret> prove_again(const House& house, const rights::Actor& actor, const GivenProof& given,
                                       const RequestFacts& facts) {
  if (actor.is_operator()) return base::fail(base::Code::denied, "the operator has nothing to prove with");
  RETURN_IF_ERROR(demand_in_person(actor));
  const ProofMethodRow* method = find_proof_method(given.method);
  const auto nothing = [] { return base::fail(base::Code::invalid_input, "nothing is proven again by this method"); };
  if (method == nullptr) return nothing();
  ASSIGN_OR_RETURN(const bool may,
                   house.store.read([&](store::Tx& tx) { return may_prove_by(tx, actor.account(), given.method); }));
  if (!may) return nothing();
  const Claim claim{actor.account().id};
  ASSIGN_OR_RETURN(
      Proving proving,
      begin_proof(house, facts, {.event = audit::type::proof, .actor = &actor, .method = given.method}, claim));
  ASSIGN_OR_RETURN(const auto compared, method->compare(proving, claim,
                                                        {given.method, base::Secret(std::string(given.secret.reveal())),
                                                         given.session_id, CodeUse::again}));
  ASSIGN_OR_RETURN(base::Secret cookie, house.store.write([&](store::Tx& tx) -> base::Result<base::Secret> {
    ASSIGN_OR_RETURN(const Settled settled, settle_proof(proving, tx, *compared));
    if (!settled.refusal.empty()) return base::Secret();
    ASSIGN_OR_RETURN(base::Secret renewed, renew_session(tx, actor, facts));
    // The session's login was complete; what was proven just now adds to it.
    rights::Proofs proofs = actor.session().proofs;
    proofs.add(compared->method());
    RETURN_IF_ERROR(forget_when_complete(proving, tx, settled, proofs));
    return renewed;
  }));
  if (cookie.empty()) return refuse_login();
  return cookie;
}

base::Result<void> demand_fresh_proof(const House& house, const rights::Actor& actor, base::Time now) {
  if (has_fresh_proof(house, actor, now)) return {};
  RETURN_IF_ERROR(demand_in_person(actor));
  return base::fail(base::Code::denied, std::string(proof_needed));
}

base::Result<void> demand_proven(const House& house, const rights::Actor& actor, rights::Permission permission,
                                 base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, permission));
  return demand_fresh_proof(house, actor, now);
}

}  // namespace flow
