// Roles: sets of permissions that contexts name. The built-in ones cannot be changed; a tenant may have its own. Every
// function needs the permission manage_contexts (to see them read_settings is enough), and every change a fresh proof;
// each change has its audit event. Nobody makes or changes a role with a permission that they do not have.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "rights/role.hpp"

namespace flow {

/// The own roles of a tenant (`tenant` as in find_managed_tenant), by key. Errors: denied, not_found.
base::Result<std::vector<rights::OwnRole>> list_own_roles(const House& house, const rights::Actor& actor,
                                                          std::string_view tenant);

struct RoleRow {
  base::Id id{};  // none: it is built in
  std::string key;
  std::string name;  // of an own one
  rights::Permissions permissions{};
  bool may_give = false;  // the actor's own context allows all that it allows
};
/// The built-in ones, from fewer to more permissions, then the tenant's own by key. Errors: those of list_own_roles.
base::Result<std::vector<RoleRow>> list_roles(const House& house, const rights::Actor& actor, std::string_view tenant);

struct RoleOfTenant {
  std::string_view tenant;  // as in find_managed_tenant; a role's id needs none
  std::string_view role;    // key or id
};

struct RoleDetails {
  rights::OwnRole role;
  TenantName tenant;
  std::vector<rights::ActingContext> contexts;  // that name it
  std::int64_t accounts = 0;                    // that have one of them or will; at most counted_exactly + 1
  bool may_change = false;                      // the actor may, because it allows no more than the actor's own context
};
/// An own role. For manage_contexts and read_settings. Errors: denied, not_found.
base::Result<RoleDetails> find_role_details(const House& house, const rights::Actor& actor, const RoleOfTenant& which,
                                            base::Time now);
struct RoleWish {
  std::optional<std::string> name{};
  /// Names; those of the own account are added. An empty list is a role of an ordinary user.
  std::optional<std::vector<std::string>> permissions{};
  std::optional<std::int64_t> version{};  // that the form was filled in for; nullopt: whatever it is
};
/// Gives its id. Errors: denied, not_found (tenant), invalid_input (names the field), already_exists.
base::Result<base::Id> create_role(const House& house, const rights::Actor& actor, const RoleOfTenant& which,
                                   const RoleWish& wish, const RequestFacts& facts);
/// Takes effect with the next request, also in open sessions. False: nothing changed, and nothing is recorded. Errors:
/// those of create_role; conflict (another change came first, or the actor's own session would lose the permission).
base::Result<bool> change_role(const House& house, const rights::Actor& actor, const RoleOfTenant& which,
                               const RoleWish& wish, const RequestFacts& facts);
/// What a change would do, judged as the change itself is and counted in the same reading.
struct RoleEffect {
  std::int64_t contexts = 0;  // as in RoleDetails
  std::int64_t accounts = 0;
  rights::Permissions gained{};
  rights::Permissions lost{};
  bool locks_out_actor = false;  // the change would be refused: the actor's own session has the role
};
/// Errors: those of change_role; conflict here means only that another change came first.
base::Result<RoleEffect> preview_role_change(const House& house, const rights::Actor& actor, const RoleOfTenant& which,
                                             const RoleWish& wish, base::Time now);
/// Errors: denied, not_found, conflict (a context names it).
base::Result<void> delete_role(const House& house, const rights::Actor& actor, const RoleOfTenant& which,
                               const RequestFacts& facts);

}  // namespace flow
