#include "flow/judge_login.hpp"

#include "identity/password_flaws.hpp"

namespace flow {
namespace {

base::Result<TypedJudgement> judge(store::Tx& tx, const identity::Account& account, const PolicyInForce& in_force,
                                   const base::Secret& password) {
  ASSIGN_OR_RETURN(const std::string known, store::find_policy_ok(tx, account.id));
  TypedJudgement judged{in_force.rules, false};
  if (known == in_force.rules) return judged;
  judged.breaks_policy =
      !identity::find_flaws(password.reveal(), in_force.policy, password_facts_of(account)).empty();
  return judged;
}

}  // namespace

base::Result<TypedJudgement> judge_typed(const House& house, const identity::Account& account,
                                         const base::Secret& password, base::Time now) {
  return house.store.read([&](store::Tx& tx) -> base::Result<TypedJudgement> {
    ASSIGN_OR_RETURN(const PolicyInForce in_force, find_policy(tx, account, now));
    return judge(tx, account, in_force, password);
  });
}

base::Result<LoginVerdict> find_verdict(store::Tx& tx, const identity::Account& account,
                                        const store::PasswordCredential& stored, const TypedJudgement& judged,
                                        const base::Secret& password, base::Time now) {
  ASSIGN_OR_RETURN(const PolicyInForce in_force, find_policy(tx, account, now));
  TypedJudgement current = judged;
  if (judged.rules != in_force.rules) {  // the policy was changed a moment ago
    ASSIGN_OR_RETURN(current, judge(tx, account, in_force, password));
  }
  const identity::PasswordState state =
      identity::state_of({stored.origin, stored.set_at, current.breaks_policy}, in_force.policy, now);
  LoginVerdict verdict;
  if (!state.can_log_in || (stored.not_after && now >= *stored.not_after)) {
    verdict.refusal = "expired";
    return verdict;
  }
  verdict.must_change = state.must_change;
  if (!current.breaks_policy) verdict.rules = in_force.rules;
  return verdict;
}

base::Result<void> note_rules(store::Tx& tx, const base::Id& account_id, const LoginVerdict& verdict) {
  if (verdict.rules.empty()) return {};
  ASSIGN_OR_RETURN(const std::string known, store::find_policy_ok(tx, account_id));
  if (known == verdict.rules) return {};
  return store::set_policy_ok(tx, account_id, verdict.rules);
}

}  // namespace flow
