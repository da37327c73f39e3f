// The password policy in force: of an account the strictest of those bound to its tenant, its groups and its contexts
// (S0.1, S4.11); of nobody in particular that of the tenant. Read anew each time, so that a change counts at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/session/find_visitor.hpp"
#include "identity/password/password_flaws.hpp"
#include "identity/password/password_policy.hpp"
#include "identity/password/password_state.hpp"

namespace flow {

struct PolicyInForce {
  identity::PasswordPolicy policy;
  std::string rules;  // digest of all rules: equal for equal rules alone
};
base::Result<PolicyInForce> find_policy(store::Tx& tx, const identity::Account& account, base::Time now);

/// Of an account that is about to be made.
base::Result<PolicyInForce> find_policy_of_new(store::Tx& tx, const base::Id& tenant_id,
                                               const std::vector<base::Id>& context_ids);

/// A tenant without any policy gets its first: the preset nist-800-63b; in a demonstration the preset classic without
/// its expiry, for demo passwords do not expire. Later starts leave alone what is there.
base::Result<void> prepare_policies(const House& house, store::Tx& tx, const base::Id& tenant_id, base::Time now);

/// For pages: the visitor's own policy, or the tenant's.
base::Result<identity::PasswordPolicy> find_policy_for(const House& house, const Visitor& visitor, base::Time now);

/// What a password of the account is judged by beside the policy.
identity::PasswordFacts password_facts_of(const identity::Account& account);

/// What is wrong with a password while it is typed: all but whether it was used before. Nothing is kept or counted.
/// Errors: login_failed (nobody is logged in).
base::Result<std::vector<identity::PasswordFlaw>> preview_password(const House& house, const Visitor& visitor,
                                                                   std::string_view typed, base::Time now);

/// State of the actor's password: days left and the like; nullopt = the account has none.
base::Result<std::optional<identity::PasswordState>> find_password_state(const House& house, const Visitor& visitor,
                                                                         base::Time now);

}  // namespace flow
