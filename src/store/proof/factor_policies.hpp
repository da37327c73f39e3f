// Policies of second factors (S3.4): in the table of policies under the kind "second_factor", bound to tenants and
// groups. A policy that cannot be read is an error and never skipped (security rule 9).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "rights/factor_policy.hpp"
#include "store/engine/store.hpp"

namespace store {

struct StoredFactorPolicy {
  base::Id id;
  base::Id tenant_id;
  rights::FactorPolicy policy;  // its name is unique in the tenant; its version counts the changes
};

/// Those that are bound to the account's tenant or to one of its groups.
base::Result<std::vector<rights::FactorPolicy>> list_factor_policies_of_account(Tx& tx, const base::Id& account_id);
base::Result<std::optional<StoredFactorPolicy>> find_factor_policy(Tx& tx, const base::Id& tenant_id,
                                                                   std::string_view name);
/// Errors: already_exists.
base::Result<void> insert_factor_policy(Tx& tx, const StoredFactorPolicy& policy, base::Time now);
/// Replaces the rules and raises the version. Errors: not_found.
base::Result<void> update_factor_policy(Tx& tx, const base::Id& id, const rights::FactorPolicy& policy, base::Time now);

base::Result<bool> is_factor_policy(Tx& tx, const base::Id& id);

/// What a policy is bound to.
struct BoundTo {
  bool is_tenant = false;  // its own tenant: everybody in it, and below it
  std::vector<base::Id> groups;
};
base::Result<BoundTo> find_bindings(Tx& tx, const StoredFactorPolicy& policy);

}  // namespace store
