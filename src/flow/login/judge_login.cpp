#include "flow/login/judge_login.hpp"

#include "identity/password/password_flaws.hpp"
#include "store/password/passwords.hpp"

namespace flow {
base::Result<LoginVerdict> find_verdict(store::Tx& tx, const identity::Account& account,
                                        const store::PasswordCredential& stored, const base::Secret& password,
                                        base::Time now) {
  ASSIGN_OR_RETURN(const PolicyInForce in_force, find_policy(tx, account, now));
  ASSIGN_OR_RETURN(const std::string known, store::find_policy_ok(tx, account.id));
  const bool breaks_policy =
      known != in_force.rules &&
      !identity::find_flaws(password.reveal(), in_force.policy, password_facts_of(account)).empty();
  const identity::PasswordState state =
      identity::state_of({stored.origin, stored.set_at, breaks_policy}, in_force.policy, now);
  LoginVerdict verdict;
  if (!state.can_log_in || (stored.not_after && now >= *stored.not_after)) {
    verdict.refusal = "expired";
    return verdict;
  }
  verdict.must_change = state.must_change;
  if (!breaks_policy && known != in_force.rules) verdict.rules = in_force.rules;
  return verdict;
}

base::Result<void> note_rules(store::Tx& tx, const base::Id& account_id, const LoginVerdict& verdict) {
  if (verdict.rules.empty()) return {};
  return store::set_policy_ok(tx, account_id, verdict.rules);
}

}  // namespace flow
