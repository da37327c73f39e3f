#include "flow/login/judge_login.hpp"

#include "base/time.hpp"
#include "flow/password/find_policy.hpp"
#include "identity/password/password_flaws.hpp"
#include "store/password/passwords.hpp"

namespace flow {
base::Result<LoginVerdict> find_verdict(store::Tx& tx, const identity::Account& account,
                                        const PasswordToJudge& password, base::Time now) {
  ASSIGN_OR_RETURN(const std::string known, store::find_policy_ok(tx, account.id));
  LoginVerdict verdict;
  if (!password.is_proven || password.stored == nullptr) return verdict;
  const store::PasswordCredential& stored = *password.stored;
  const PolicyInForce& in_force = password.in_force;
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
