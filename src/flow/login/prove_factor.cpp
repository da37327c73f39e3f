#include "flow/login/prove_factor.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "flow/login/list_factors.hpp"
#include "flow/proof/proof_methods.hpp"
#include "flow/session/factor_demand.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/session/live_session.hpp"
#include "flow/session/session_cookie.hpp"
#include "flow/session/write_session.hpp"
#include "rights/session.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/engine/store.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

tl::unexpected<base::Error> session_gone() {
  return base::fail(base::Code::conflict, "the session was replaced or has ended");
}

base::Result<void> demand_own_login(const Visitor& visitor) {
  if (visitor.session() == nullptr) return base::fail(base::Code::login_failed, "nobody is logged in");
  return visitor.actor ? demand_in_person(*visitor.actor) : base::Result<void>();
}

/// What counts now: what the policy counts while a factor is owed, or what has to be proven before one may be set up;
/// every method for a stronger login.
base::Result<std::vector<rights::ProofMethod>> list_counting(const House& house, store::Tx& tx,
                                                             const CurrentLogin& current,
                                                             const rights::FactorDemand& demand, bool owes) {
  ASSIGN_OR_RETURN(auto methods, list_second_steps(house, tx, current.account,
                                                   owes ? demand.rules.methods : rights::second_step_methods()));
  if (!owes || !methods.empty()) return methods;
  ASSIGN_OR_RETURN(EnrolmentOffer offer, find_enrolment(house, tx, current.account, demand, current.session.proofs));
  return std::move(offer.first);
}

/// Whether a proof by the method leads on: it counts, or something may be set up after it.
base::Result<bool> leads_on(const House& house, store::Tx& tx, const CurrentLogin& current,
                            const rights::FactorDemand& demand, rights::ProofMethod method) {
  if (!demand.is_on || rights::counts_as_second(demand.rules.methods, method)) return true;
  ASSIGN_OR_RETURN(const EnrolmentOffer offer,
                   find_enrolment(house, tx, current.account, demand, current.session.proofs));
  return rights::counts_as_second(offer.first, method);
}

}  // namespace

base::Result<CurrentLogin> find_current_login(store::Tx& tx, const Visitor& visitor, base::Time now) {
  ASSIGN_OR_RETURN(auto session, store::find_session(tx, visitor.session()->id));
  if (!session || session->context_id != visitor.session()->context_id) return session_gone();
  ASSIGN_OR_RETURN(auto account, find_holder(tx, *session, now));
  if (!account) return session_gone();
  return CurrentLogin{*std::move(session), *std::move(account)};
}

base::Result<LoginDone> strengthen(store::Tx& tx, const Visitor& visitor, const CurrentLogin& current,
                                   const rights::Proofs& proofs, const RequestFacts& facts) {
  NewSessionCookie cookie = make_session_cookie(facts.now);
  rights::Session next = current.session;
  next.id = cookie.id;
  next.secret_hash = cookie.secret_hash;
  next.proofs = proofs;
  const rights::ActingContext* context = visitor.actor ? &visitor.actor->chosen_context() : nullptr;
  RETURN_IF_ERROR(write_session(tx, {next, current.account, context, current.session.id}, facts));
  RETURN_IF_ERROR(store::set_proven(tx, next.id, facts.now));
  LoginDone done;
  done.session_cookie = std::move(cookie.value);
  done.needs_context = context == nullptr;
  done.must_change = next.must_change;
  return done;
}

base::Result<FactorStep> find_factor_step(const House& house, const Visitor& visitor, std::int64_t level,
                                          const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_own_login(visitor));
  return house.store.read([&](store::Tx& tx) -> base::Result<FactorStep> {
    const CurrentLogin current{*visitor.session(), *visitor.account()};
    ASSIGN_OR_RETURN(const rights::FactorDemand demand, find_demand(tx, current.account.id));
    ASSIGN_OR_RETURN(const bool is_met, meets_demand(tx, demand, current.session, facts.ip, facts.now));
    const bool owes = visitor.must_prove() && !is_met;
    FactorStep step;
    step.is_due = owes || current.session.proofs.level() < level;
    if (!step.is_due) return step;
    ASSIGN_OR_RETURN(step.methods, list_counting(house, tx, current, demand, owes));
    std::erase_if(step.methods, [&](rights::ProofMethod one) { return current.session.proofs.has(one); });
    ASSIGN_OR_RETURN(step.code, find_sent_code(house, tx, current.session.id, facts.now));
    const bool began_with_password = current.session.proofs.has(rights::ProofMethod::password);
    step.remember_first_days = owes && began_with_password ? demand.rules.first_step_days : 0;
    step.remember_second_days = owes ? demand.rules.second_step_days : 0;
    return step;
  });
}

base::Result<LoginDone> prove_factor(const House& house, const Visitor& visitor, const GivenFactor& given,
                                     const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_own_login(visitor));
  const ProofMethodRow* method = find_proof_method(given.method);
  const auto& all = rights::second_step_methods();
  if (method == nullptr || std::find(all.begin(), all.end(), given.method) == all.end()) {
    return base::fail(base::Code::invalid_input, "no second step has this method");
  }
  const Claim claim{visitor.account()->id};
  const bool is_login = !visitor.actor;
  const rights::Actor* actor = is_login ? nullptr : &*visitor.actor;
  ASSIGN_OR_RETURN(Proving proving, begin_proof(house, facts,
                                                {.event = is_login ? audit::type::login : audit::type::proof,
                                                 .purpose = is_login ? audit::Code() : audit::Code("step_up"),
                                                 .client_id = given.client_id,
                                                 .actor = actor,
                                                 .method = given.method},
                                                claim));
  ASSIGN_OR_RETURN(const auto compared, method->compare(proving, claim,
                                                        {given.method, base::Secret(std::string(given.secret.reveal())),
                                                         visitor.session()->id}));
  bool refused = false;
  ASSIGN_OR_RETURN(Finished finished, house.store.write([&](store::Tx& tx) -> base::Result<Finished> {
    ASSIGN_OR_RETURN(const CurrentLogin current, find_current_login(tx, visitor, facts.now));
    ASSIGN_OR_RETURN(const rights::FactorDemand demand, find_demand(tx, current.account.id));
    if (visitor.must_prove()) {
      ASSIGN_OR_RETURN(const bool is_useful, leads_on(house, tx, current, demand, given.method));
      if (!is_useful) return base::fail(base::Code::invalid_input, "the policy does not count this method");
    }
    ASSIGN_OR_RETURN(const Settled settled, settle_proof(proving, tx, *compared));
    refused = !settled.refusal.empty();
    if (refused) return Finished{};
    rights::Proofs proofs = current.session.proofs;
    proofs.add(compared->method());
    if (!visitor.must_prove()) {
      Finished strengthened;
      ASSIGN_OR_RETURN(strengthened.done, strengthen(tx, visitor, current, proofs, facts));
      RETURN_IF_ERROR(forget_when_complete(proving, tx, settled, proofs));
      return strengthened;
    }
    StepOfLogin step{proving, settled, proofs};
    step.must_change = current.session.must_change;
    step.first = &current.session;
    step.client_id = given.client_id;
    step.remember = given.remember;
    return finish_step(house, tx, step, facts);
  }));
  if (refused) return refuse_login();
  return tell_finished(std::move(finished));
}

base::Result<void> send_code(const House& house, const Visitor& visitor, rights::ProofMethod method,
                             const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_own_login(visitor));
  const auto send = [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const CurrentLogin current, find_current_login(tx, visitor, facts.now));
    ASSIGN_OR_RETURN(const rights::FactorDemand demand, find_demand(tx, current.account.id));
    ASSIGN_OR_RETURN(const auto counting, list_counting(house, tx, current, demand, visitor.must_prove()));
    if (std::find(counting.begin(), counting.end(), method) == counting.end()) {
      return base::fail(base::Code::not_found, "this code is not one of the second steps");
    }
    return send_login_code(house, tx, {current.account, current.session.id, method}, facts);
  };
  ASSIGN_OR_RETURN(const bool is_sent, house.store.write(send));
  if (!is_sent) return base::fail(base::Code::too_many, "a limit of short messages is reached");
  return {};
}

}  // namespace flow
