// Roles: sets of permissions with a name. Some are built in; a tenant may have roles of its own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/result.hpp"
#include "rights/permission.hpp"

namespace rights {

/// Its permissions are fixed, and its key is the same in every tenant.
struct BuiltInRole {
  std::string_view key;
  Permissions permissions;
};

namespace role {
inline constexpr std::string_view user = "user";
inline constexpr std::string_view support = "support";
inline constexpr std::string_view auditor = "auditor";
inline constexpr std::string_view application_administrator = "application_administrator";
inline constexpr std::string_view account_administrator = "account_administrator";
inline constexpr std::string_view remote_administrator = "remote_administrator";  // of the connector, from outside
inline constexpr std::string_view local_administrator = "local_administrator";    // of the connector and its people
inline constexpr std::string_view super_administrator = "super_administrator";
}  // namespace role

/// From fewer to more permissions.
const std::array<BuiltInRole, 8>& built_in_roles();
/// nullopt: no built-in role has this key.
std::optional<Permissions> find_built_in(std::string_view key);

/// A role that a tenant has made.
struct OwnRole {
  base::Id id;
  base::Id tenant_id;
  std::string key;   // unique in the tenant, and not that of a built-in role
  std::string name;  // 1 to 100 characters
  Permissions permissions;
  std::int64_t version = 1;
};

/// Whether a role of one's own may have these permissions: it has all personal ones, and none of the installation.
/// Errors: invalid_input.
base::Result<void> check_own_role(Permissions permissions);

/// The form of the keys of tenants, contexts and roles: a small letter, then small letters, digits, "_" and "-"; at
/// most
/// 50. Errors: invalid_input, which begins with `what`.
base::Result<void> check_key(std::string_view what, std::string_view key);

}  // namespace rights
