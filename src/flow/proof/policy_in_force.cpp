#include "flow/proof/policy_in_force.hpp"

#include <optional>

#include "crypto/digest/digest.hpp"
#include "flow/session/factor_demand.hpp"
#include "identity/password/password_state.hpp"
#include "store/password/policies.hpp"

namespace flow {
namespace {

std::string digest_of(const identity::PasswordPolicy& policy) {
  std::string all;
  for (const auto& [rule, value] : identity::to_map(policy)) {
    if (rule != "name" && rule != "version") all.append(rule).append("=").append(value).append("\n");
  }
  return base::to_hex(crypto::sha256(all).substr(0, 16));
}

// A cache of this thread: most accounts have the same policies, and equal policies give the same result.
PolicyInForce make_policy_in_force(std::vector<identity::PasswordPolicy> bound) {
  struct Last {
    std::vector<identity::PasswordPolicy> bound;
    PolicyInForce found;
  };
  thread_local std::optional<Last> last;
  if (!last || last->bound != bound) {
    PolicyInForce found{identity::strictest(bound), {}};
    found.rules = digest_of(found.policy);
    last = Last{std::move(bound), std::move(found)};
  }
  return last->found;
}

}  // namespace

base::Result<PolicyInForce> find_policy(store::Tx& tx, const identity::Account& account, base::Time now) {
  ASSIGN_OR_RETURN(auto bound, store::list_policies_of_account(tx, account.id, now));
  ASSIGN_OR_RETURN(const rights::FactorDemand demand, find_demand(tx, account.id));
  if (rights::is_always_asked(demand)) {
    if (bound.empty()) bound = {identity::nist_800_63b()};
    for (identity::PasswordPolicy& policy : bound) policy.min_length = policy.min_length_with_second_factor;
  }
  return make_policy_in_force(std::move(bound));
}

base::Result<PolicyInForce> find_policy_of_new(store::Tx& tx, const base::Id& tenant_id,
                                               const std::vector<base::Id>& context_ids) {
  ASSIGN_OR_RETURN(std::vector<identity::PasswordPolicy> bound,
                   store::list_policies_of(tx, store::PolicyScope::tenant, tenant_id));
  for (const base::Id& context : context_ids) {
    ASSIGN_OR_RETURN(const auto more, store::list_policies_of(tx, store::PolicyScope::context, context));
    bound.insert(bound.end(), more.begin(), more.end());
  }
  return make_policy_in_force(std::move(bound));
}

audit::Code find_end_of_password(const store::PasswordCredential& password, const identity::PasswordPolicy& policy,
                                 base::Time now) {
  const bool is_over = password.not_after && now >= *password.not_after;
  const bool can_log_in = identity::state_of({password.origin, password.set_at, false}, policy, now).can_log_in;
  return is_over || !can_log_in ? audit::Code("expired") : audit::Code();
}

}  // namespace flow
