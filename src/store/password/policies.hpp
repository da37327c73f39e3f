// Policies of passwords and their bindings to tenants, groups and contexts. identity judges which of them is in force.
// A policy that cannot be read is an error and never skipped (security rule 9).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "identity/password/password_policy.hpp"
#include "store/engine/store.hpp"

namespace store {

enum class PolicyScope : std::uint8_t {
  tenant,
  group,
  context
};
std::string_view name_of(PolicyScope scope);

struct StoredPolicy {
  base::Id id;
  base::Id tenant_id;
  identity::PasswordPolicy policy;  // its name is unique in the tenant; its version counts the changes
};

/// Errors: already_exists, invalid_input (find_mistakes).
base::Result<void> insert_policy(Tx& tx, const StoredPolicy& policy, base::Time now);
/// Replaces the rules and raises the version. Errors: not_found, invalid_input.
base::Result<void> update_policy(Tx& tx, const base::Id& id, const identity::PasswordPolicy& policy, base::Time now);
/// Binding twice is not an error.
base::Result<void> bind_policy(Tx& tx, const base::Id& policy_id, PolicyScope scope, const base::Id& scope_id);
base::Result<void> unbind_policy(Tx& tx, const base::Id& policy_id, PolicyScope scope, const base::Id& scope_id);
base::Result<std::vector<StoredPolicy>> list_policies(Tx& tx, const base::Id& tenant_id);
base::Result<std::optional<StoredPolicy>> find_policy(Tx& tx, const base::Id& id);
/// The accounts of one tenant, group or context, at most `most`; of a context those that have it at `now`.
base::Result<std::vector<base::Id>> list_accounts_under(Tx& tx, PolicyScope scope, const base::Id& scope_id,
                                                        base::Time now, std::int64_t most);

/// The policies that are bound to one tenant, group or context.
base::Result<std::vector<identity::PasswordPolicy>> list_policies_of(Tx& tx, PolicyScope scope,
                                                                     const base::Id& scope_id);
/// Names of the policies of every kind.
base::Result<std::vector<std::string>> list_policy_names_of(Tx& tx, PolicyScope scope, const base::Id& scope_id);
/// Ids of the policies of every kind.
base::Result<std::vector<base::Id>> list_policy_ids_of(Tx& tx, PolicyScope scope, const base::Id& scope_id);
/// The policies that have any binding.
base::Result<std::vector<identity::PasswordPolicy>> list_bound_policies(Tx& tx);
/// The policies that are bound to the account's tenant, its groups, or the contexts that it has at `now`.
base::Result<std::vector<identity::PasswordPolicy>> list_policies_of_account(Tx& tx, const base::Id& account_id,
                                                                             base::Time now);

}  // namespace store
