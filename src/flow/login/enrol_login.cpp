#include "flow/login/enrol_login.hpp"

#include <algorithm>
#include <functional>

#include "audit/event.hpp"
#include "flow/factor/make_recovery_codes.hpp"
#include "flow/login/list_factors.hpp"
#include "flow/login/prove_factor.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/factor_demand.hpp"
#include "flow/session/judge_actor.hpp"
#include "rights/factor_policy.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

using rights::ProofMethod;

struct Judged {
  EnrolStep step;
  rights::FactorDemand demand;
};
/// The one judgement, for pages and in the transaction of the effect.
base::Result<Judged> judge_enrolment(const House& house, store::Tx& tx, const Visitor& visitor,
                                     const CurrentLogin& current, const RequestFacts& facts) {
  Judged judged;
  ASSIGN_OR_RETURN(judged.demand, find_demand(tx, current.account.id));
  ASSIGN_OR_RETURN(const EnrolmentOffer offer,
                   find_enrolment(house, tx, current.account, judged.demand, current.session.proofs));
  if (offer.methods.empty() || !offer.first.empty()) return judged;
  ASSIGN_OR_RETURN(judged.step.days_left, find_grace_left(tx, judged.demand, current.session, facts.ip, facts.now));
  ASSIGN_OR_RETURN(const bool is_met, meets_demand(tx, judged.demand, current.session, facts.ip, facts.now));
  judged.step.is_owed = visitor.must_prove() && !is_met;
  // An offer stands for a login of a moment ago; later the page of the own factors asks for a proof first.
  const bool is_offered = !visitor.must_prove() && !visitor.must_change() && judged.step.days_left.has_value() &&
                          is_proof_fresh(house, current.session, facts.now);
  judged.step.is_open = judged.step.is_owed || is_offered;
  if (judged.step.is_open) judged.step.methods = offer.methods;
  return judged;
}

base::Result<void> demand_own_login(const Visitor& visitor) {
  if (visitor.session() == nullptr) return base::fail(base::Code::login_failed, "nobody is logged in");
  return visitor.actor ? demand_in_person(*visitor.actor) : base::Result<void>();
}

tl::unexpected<base::Error> nothing_to_set_up() {
  return base::fail(base::Code::conflict, "no factor can be set up in this login now");
}

base::Result<void> demand_open(const House& house, const Visitor& visitor, ProofMethod method,
                               const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const EnrolStep step, find_enrol_step(house, visitor, facts));
  const bool is_there = std::find(step.methods.begin(), step.methods.end(), method) != step.methods.end();
  return step.is_open && is_there ? base::Result<void>() : nothing_to_set_up();
}

FactorHolder holder_of(const Visitor& visitor) {
  return {*visitor.account(), visitor.session()->id};
}

/// A factor that was made, and how it is added to the account.
struct MadeFactor {
  ProofMethod method;  // that may be set up
  ProofMethod proof;   // what it proves in this login
  std::string_view client_id;
  std::function<base::Result<void>(store::Tx& tx, const FactorHolder& holder)> add;
};

base::Result<Enrolled> enrol(const House& house, const Visitor& visitor, const MadeFactor& made,
                             const RequestFacts& facts) {
  // May run again, because it sets only what it gives.
  return house.store.write([&](store::Tx& tx) -> base::Result<Enrolled> {
    ASSIGN_OR_RETURN(const CurrentLogin current, find_current_login(tx, visitor, facts.now));
    ASSIGN_OR_RETURN(const Judged judged, judge_enrolment(house, tx, visitor, current, facts));
    const auto& methods = judged.step.methods;
    const bool is_open = judged.step.is_open && std::find(methods.begin(), methods.end(), made.method) != methods.end();
    if (!is_open) return nothing_to_set_up();
    const FactorHolder holder{current.account, current.session.id};
    RETURN_IF_ERROR(made.add(tx, holder));
    Enrolled enrolled;
    const auto& counted = judged.demand.rules.methods;
    if (std::find(counted.begin(), counted.end(), ProofMethod::recovery) != counted.end()) {
      // The notice of the new factor is enough.
      ASSIGN_OR_RETURN(enrolled.recovery_codes, write_recovery_codes(house, tx, holder, {}, facts));
    }
    rights::Proofs proofs = current.session.proofs;
    proofs.add(made.proof);
    if (!visitor.must_prove()) {
      ASSIGN_OR_RETURN(enrolled.done, strengthen(tx, visitor, current, proofs, facts));
      return enrolled;
    }
    const Proving proving{
        house, facts, {.event = audit::type::login, .client_id = made.client_id, .method = made.proof}, {}};
    Settled settled;
    settled.account = current.account;
    ASSIGN_OR_RETURN(settled.standing,
                     find_standing(house, tx, {&settled.account, {}}, rights::lockout_kind_of(made.proof), facts));
    StepOfLogin step{proving, settled, proofs};
    step.must_change = current.session.must_change;
    step.first = &current.session;
    step.client_id = made.client_id;
    ASSIGN_OR_RETURN(Finished finished, finish_step(house, tx, step, facts));
    ASSIGN_OR_RETURN(enrolled.done, tell_finished(std::move(finished)));
    return enrolled;
  });
}

}  // namespace

base::Result<EnrolStep> find_enrol_step(const House& house, const Visitor& visitor, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_own_login(visitor));
  EnrolStep step;
  RETURN_IF_ERROR(house.store.read([&](store::Tx& tx) -> base::Result<void> {
    const CurrentLogin current{*visitor.session(), *visitor.account()};
    ASSIGN_OR_RETURN(Judged judged, judge_enrolment(house, tx, visitor, current, facts));
    step = std::move(judged.step);
    return {};
  }));
  return step;
}

base::Result<TotpOffer> begin_login_totp(const House& house, const Visitor& visitor, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_open(house, visitor, ProofMethod::totp, facts));
  return offer_totp(house, holder_of(visitor), facts.now);
}

base::Result<TotpOffer> show_login_totp_again(const House& house, const Visitor& visitor, const base::Secret& ticket,
                                              base::Time now) {
  RETURN_IF_ERROR(demand_own_login(visitor));
  return offer_totp_again(house, holder_of(visitor), ticket, now);
}

base::Result<PasskeyOffer> begin_login_passkey(const House& house, const Visitor& visitor, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_open(house, visitor, ProofMethod::passkey, facts));
  return offer_passkey(house, holder_of(visitor), facts.now);
}

base::Result<Enrolled> enrol_totp(const House& house, const Visitor& visitor, const NewApp& app,
                                  std::string_view client_id, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_own_login(visitor));
  ASSIGN_OR_RETURN(const ConfirmedApp confirmed, confirm_totp(house, holder_of(visitor), app, facts.now));
  return enrol(
      house, visitor,
      {ProofMethod::totp, ProofMethod::totp, client_id,
       [&](store::Tx& tx, const FactorHolder& holder) { return add_totp(house, tx, holder, confirmed, facts); }},
      facts);
}

base::Result<Enrolled> enrol_passkey(const House& house, const Visitor& visitor, const NewPasskey& made,
                                     std::string_view client_id, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_own_login(visitor));
  ASSIGN_OR_RETURN(const ConfirmedPasskey confirmed,
                   confirm_passkey(house, holder_of(visitor), made.answer, made.name, facts.now));
  const ProofMethod proof = confirmed.credential.is_verified ? ProofMethod::passkey : ProofMethod::security_key;
  return enrol(
      house, visitor,
      {ProofMethod::passkey, proof, client_id,
       [&](store::Tx& tx, const FactorHolder& holder) { return add_passkey(house, tx, holder, confirmed, facts); }},
      facts);
}

}  // namespace flow
