// The password policy in force, for pages and for a new password: that of the account (flow/proof/policy_in_force), or
// the tenant's where there is no account (S0.1, S4.11).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/proof/policy_in_force.hpp"
#include "flow/session/find_visitor.hpp"
#include "identity/password/password_flaws.hpp"
#include "identity/password/password_policy.hpp"
#include "identity/password/password_state.hpp"

namespace flow {

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
