// Roles that tenants have made (rights/role.hpp).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "rights/role.hpp"
#include "store/engine/store.hpp"

namespace store {

/// By key. A role that cannot be read is left out, and the log says so.
base::Result<std::vector<rights::OwnRole>> list_roles(Tx& tx, const base::Id& tenant_id);
base::Result<std::optional<rights::OwnRole>> find_role(Tx& tx, const base::Id& tenant_id, std::string_view key);
base::Result<std::optional<rights::OwnRole>> find_role(Tx& tx, const base::Id& id);
/// Errors: already_exists.
base::Result<void> insert_role(Tx& tx, const rights::OwnRole& role);
/// Writes name and permissions. False: another change came first (`version`).
base::Result<bool> update_role(Tx& tx, const rights::OwnRole& role);
/// Whether a context of the tenant names it.
base::Result<bool> is_role_used(Tx& tx, const rights::OwnRole& role);
base::Result<void> delete_role(Tx& tx, const base::Id& id);

}  // namespace store
