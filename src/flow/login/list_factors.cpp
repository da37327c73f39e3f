#include "flow/login/list_factors.hpp"

#include <algorithm>

#include "base/time.hpp"
#include "flow/proof/passkey_challenge.hpp"
#include "flow/proof/proof_methods.hpp"
#include "flow/session/judge_actor.hpp"
#include "rights/factor_policy.hpp"
#include "store/account/contexts.hpp"
#include "store/engine/store.hpp"

namespace flow {

base::Result<std::vector<rights::ProofMethod>> list_second_steps(const House& house, store::Tx& tx,
                                                                 const identity::Account& account,
                                                                 const std::vector<rights::ProofMethod>& counted) {
  std::vector<rights::ProofMethod> found;
  for (const rights::ProofMethod method : rights::second_step_methods()) {
    const ProofMethodRow* row = find_proof_method(method);
    if (row == nullptr || !rights::counts_as_second(counted, method)) continue;
    ASSIGN_OR_RETURN(const bool has, row->has(house, tx, account));
    if (has) found.push_back(method);
  }
  return found;
}

base::Result<EnrolmentOffer> find_enrolment(const House& house, store::Tx& tx, const identity::Account& account,
                                            const rights::FactorDemand& demand, const rights::Proofs& proofs) {
  using rights::ProofMethod;
  EnrolmentOffer offer;
  std::vector<ProofMethod> methods = rights::enrolled_at_login(demand);
  if (!find_relying_party(house).is_possible) std::erase(methods, ProofMethod::passkey);
  // A remembered device proves nothing by itself: whoever holds it would choose the factor.
  if (methods.empty() || proofs.empty() || proofs.methods().front() == ProofMethod::remembered) return offer;
  ASSIGN_OR_RETURN(const auto counting, list_second_steps(house, tx, account, demand.rules.methods));
  if (!counting.empty()) return offer;
  // A mailbox is often open with the same password, and is how a password is reset: it is no factor here.
  std::vector<ProofMethod> held_kinds = rights::second_step_methods();
  std::erase(held_kinds, ProofMethod::email);
  ASSIGN_OR_RETURN(auto held, list_second_steps(house, tx, account, held_kinds));
  offer.methods = std::move(methods);
  const auto& given = proofs.methods();
  const bool is_proven = std::any_of(given.begin(), given.end(),
                                     [&](ProofMethod one) { return rights::counts_as_second(held_kinds, one); });
  if (!is_proven) offer.first = std::move(held);
  return offer;
}

base::Result<std::int64_t> find_best_level(const House& house, store::Tx& tx, const identity::Account& account,
                                           const rights::Proofs& proofs) {
  ASSIGN_OR_RETURN(const auto methods, list_second_steps(house, tx, account, rights::second_step_methods()));
  std::int64_t best = proofs.level();
  for (const rights::ProofMethod method : methods) {
    rights::Proofs more = proofs;
    more.add(method);
    best = std::max(best, more.level());
  }
  return best;
}

namespace {

struct Reach {
  const LoginPlace& place;
  std::int64_t best = 0;  // the highest level within reach; 0 = not read yet
};
base::Result<std::vector<ReachableContext>> find_reachable_with(const House& house, store::Tx& tx,
                                                                const identity::Account& account,
                                                                const std::vector<rights::ActingContext>& all,
                                                                Reach reach) {
  const LoginPlace& place = reach.place;
  std::vector<ReachableContext> found;
  for (const rights::ActingContext& context : all) {
    const bool is_open = rights::is_offered(context, {place.proofs, place.login_ip, place.request_ip});
    if (is_open) {
      found.push_back({context, false});
      continue;
    }
    if (context.level <= place.proofs.level()) continue;  // not the level is missing
    if (reach.best == 0) {
      ASSIGN_OR_RETURN(reach.best, find_best_level(house, tx, account, place.proofs));
    }
    rights::ActingContext lower = context;
    lower.level = std::min(context.level, place.proofs.level());
    const bool is_level_all = rights::is_offered(lower, {place.proofs, place.login_ip, place.request_ip});
    if (is_level_all && context.level <= reach.best) found.push_back({context, true});
  }
  return found;
}

}  // namespace

base::Result<std::vector<ReachableContext>> find_reachable(const House& house, store::Tx& tx,
                                                           const identity::Account& account,
                                                           const std::vector<rights::ActingContext>& all,
                                                           const LoginPlace& place) {
  return find_reachable_with(house, tx, account, all, {place});
}

base::Result<std::vector<ReachableContext>> list_reachable_contexts(const House& house, const Visitor& visitor,
                                                                    const RequestFacts& facts) {
  const rights::Session* session = visitor.session();
  if (session == nullptr) return base::fail(base::Code::login_failed, "nobody is logged in");
  if (visitor.actor) RETURN_IF_ERROR(demand_in_person(*visitor.actor));
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<ReachableContext>> {
    ASSIGN_OR_RETURN(const auto all, store::list_contexts(tx, session->account_id, facts.now));
    return find_reachable(house, tx, *visitor.account(), all, {session->proofs, session->ip, facts.ip});
  });
}

base::Result<bool> has_way_in(const House& house, store::Tx& tx, const identity::Account& account,
                              const LoginPlace& place, base::Time now) {
  ASSIGN_OR_RETURN(const auto all, store::list_contexts(tx, account.id, now));
  // Read for every account, so that the work does not tell which has a context above its login.
  ASSIGN_OR_RETURN(const std::int64_t best, find_best_level(house, tx, account, place.proofs));
  ASSIGN_OR_RETURN(const auto reachable, find_reachable_with(house, tx, account, all, {place, best}));
  return !reachable.empty();
}

}  // namespace flow
