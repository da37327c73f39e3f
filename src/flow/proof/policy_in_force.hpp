// The password policy in force: the strictest rules of the policies bound to the account's tenant, groups and contexts
// (S0.1, S4.11), with the shorter least length if a second factor is always asked for. It is read each time, so that a
// change is in force at once. And the end of a password by it, which every proof by password asks for.
#pragma once

#include <string>
#include <vector>

#include "audit/value.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "identity/account/account.hpp"
#include "identity/password/password_policy.hpp"
#include "store/engine/store.hpp"
#include "store/password/passwords.hpp"

namespace flow {

struct PolicyInForce {
  identity::PasswordPolicy policy;
  std::string rules;  // digest of all rules
};
base::Result<PolicyInForce> find_policy(store::Tx& tx, const identity::Account& account, base::Time now);

/// For an account that is about to be created.
base::Result<PolicyInForce> find_policy_of_new(store::Tx& tx, const base::Id& tenant_id,
                                               const std::vector<base::Id>& context_ids);

/// Why a right password proves nothing any more: "expired", if only a reset revives it (S4.11), or an initial or
/// temporary one is over; "" = it proves.
audit::Code find_end_of_password(const store::PasswordCredential& password, const identity::PasswordPolicy& policy,
                                 base::Time now);

}  // namespace flow
