#include "flow/login/judge_login.hpp"

#include "base/time.hpp"
#include "identity/password/password_flaws.hpp"
#include "store/password/passwords.hpp"

namespace flow {
base::Result<LoginVerdict> find_verdict(store::Tx& tx, const identity::Account& account,
                                        const PasswordToJudge& password, base::Time now) {
  ASSIGN_OR_RETURN(const PolicyInForce in_force, find_policy(tx, account, now));
  ASSIGN_OR_RETURN(const std::string known, store::find_policy_ok(tx, account.id));
  LoginVerdict verdict;
  if (!password.is_proven || password.stored == nullptr) return verdict;
  const store::PasswordCredential& stored = *password.stored;
  // An expired password is refused first, because the estimate of its strength takes time.
  const bool can_log_in = identity::state_of({stored.origin, stored.set_at, false}, in_force.policy, now).can_log_in;
  if (!can_log_in || (stored.not_after && now >= *stored.not_after)) {
    verdict.refusal = "expired";
    return verdict;
  }
  bool breaks_policy = false;
  if (known != in_force.rules) {
    ASSIGN_OR_RETURN(const identity::PasswordFacts facts, find_password_facts(tx, account));
    breaks_policy = !identity::find_flaws(password.given.reveal(), in_force.policy, facts).empty();
  }
  const identity::PasswordState state =
      identity::state_of({stored.origin, stored.set_at, breaks_policy}, in_force.policy, now);
  verdict.must_change = state.must_change;
  if (!breaks_policy && known != in_force.rules) verdict.rules = in_force.rules;
  return verdict;
}

base::Result<void> note_rules(store::Tx& tx, const base::Id& account_id, const LoginVerdict& verdict) {
  if (verdict.rules.empty()) return {};
  return store::set_policy_ok(tx, account_id, verdict.rules);
}

}  // namespace flow
