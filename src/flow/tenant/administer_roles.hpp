// Roles: sets of permissions that contexts name. The built-in ones cannot be changed; a tenant may have its own. Every
// function needs the permission manage_contexts (to see them read_settings is enough), and every change a fresh proof;
// each change has its audit event. Nobody makes or changes a role with a permission that they do not have.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "rights/role.hpp"

namespace flow {

/// The own roles of a tenant (`tenant` as in find_managed_tenant), by key. Errors: denied, not_found.
base::Result<std::vector<rights::OwnRole>> list_own_roles(const House& house, const rights::Actor& actor,
                                                          std::string_view tenant);

struct RoleOfTenant {
  std::string_view tenant;  // as in find_managed_tenant
  std::string_view role;    // key
};
struct RoleWish {
  std::optional<std::string> name{};
  /// Names; those of the own account are added. An empty list is a role of an ordinary user.
  std::optional<std::vector<std::string>> permissions{};
  std::optional<std::int64_t> version{};  // that the form was filled in for; nullopt: whatever it is
};
/// Errors: denied, not_found (tenant), invalid_input (names the field), already_exists.
base::Result<void> create_role(const House& house, const rights::Actor& actor, const RoleOfTenant& which,
                               const RoleWish& wish, const RequestFacts& facts);
/// Takes effect with the next request, also in open sessions. False: nothing changed, and nothing is recorded. Errors:
/// those of create_role; conflict (another change came first).
base::Result<bool> change_role(const House& house, const rights::Actor& actor, const RoleOfTenant& which,
                               const RoleWish& wish, const RequestFacts& facts);
/// Errors: denied, not_found, conflict (a context names it).
base::Result<void> delete_role(const House& house, const rights::Actor& actor, const RoleOfTenant& which,
                               const RequestFacts& facts);

}  // namespace flow
