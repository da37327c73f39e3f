// The password policy in force. For an account it has the strictest rules of the policies bound to its tenant, groups
// and contexts (S0.1, S4.11), with the shorter least length if a second factor is always asked for; without an account
// it is the tenant's. It is read each time, so that a change is in force at once.
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
  std::string rules;  // digest of all rules
};
base::Result<PolicyInForce> find_policy(store::Tx& tx, const identity::Account& account, base::Time now);

/// For an account that is about to be created.
base::Result<PolicyInForce> find_policy_of_new(store::Tx& tx, const base::Id& tenant_id,
                                               const std::vector<base::Id>& context_ids);

/// Gives a tenant without policies its first one: the preset nist-800-63b, or in a demonstration the preset classic
/// without expiry. Policies that exist stay as they are.
base::Result<void> prepare_policies(const House& house, store::Tx& tx, const base::Id& tenant_id, base::Time now);

/// For pages: the policy of the visitor's account, or the tenant's.
base::Result<identity::PasswordPolicy> find_policy_for(const House& house, const Visitor& visitor, base::Time now);

/// What a password of the account is compared with: its logins and names, and the names of product and installation.
base::Result<identity::PasswordFacts> find_password_facts(store::Tx& tx, const identity::Account& account);

/// A password that is being typed: all its flaws, except that it was used before, and its score from 0 to 4.
struct PasswordPreview {
  std::vector<identity::PasswordFlaw> flaws;
  std::int64_t score = 0;
};
/// Nothing is stored or counted. Errors: login_failed (nobody is logged in), unavailable.
base::Result<PasswordPreview> preview_password(const House& house, const Visitor& visitor, std::string_view typed,
                                               base::Time now);
/// The same for an account whose policy and facts are known. Errors: unavailable.
base::Result<PasswordPreview> preview_password(const House& house, const identity::PasswordPolicy& policy,
                                               identity::PasswordFacts facts, std::string_view typed);

/// The state of the actor's password, such as the days left; nullopt = the account has no password.
base::Result<std::optional<identity::PasswordState>> find_password_state(const House& house, const Visitor& visitor,
                                                                         base::Time now);

}  // namespace flow
