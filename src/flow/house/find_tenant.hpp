// Finds the tenant that an administrator works in.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {

/// `named`: key or id of a tenant that the actor reaches; "" = the actor's own, and for the operator the first one.
/// Errors: not_found, also for one that was deleted.
base::Result<store::Tenant> find_managed_tenant(store::Tx& tx, const rights::Actor& actor, std::string_view named);
/// The tenants that the actor reaches, by id: the own one before those below it.
base::Result<std::vector<store::Tenant>> list_managed_tenants(store::Tx& tx, const rights::Actor& actor);

/// Their ids.
base::Result<std::vector<base::Id>> list_reached(store::Tx& tx, const rights::Actor& actor);
/// The tenant whose rows a list shows. `named` "": for whoever administers all those of every tenant (none), else those
/// of the own one. One that was deleted is found, because its events and messages stay readable. Errors: not_found.
base::Result<std::optional<base::Id>> find_shown_tenant(store::Tx& tx, const rights::Actor& actor,
                                                        std::string_view named);

/// A tenant as somebody chooses it.
struct TenantName {
  base::Id id;
  std::string key;
  std::string name;
  bool is_own = false;
};
TenantName name_tenant(const rights::Actor& actor, const store::Tenant& tenant);
/// `named`: as in find_managed_tenant. Errors: not_found.
base::Result<TenantName> find_named_tenant(const House& house, const rights::Actor& actor, std::string_view named);
/// The tenants that the actor reaches, the own one first, then by name.
base::Result<std::vector<TenantName>> list_tenant_names(const House& house, const rights::Actor& actor);
/// Those that were deleted, among the tenants that the actor reaches, by id.
base::Result<std::vector<TenantName>> list_deleted_tenants(const House& house, const rights::Actor& actor);

}  // namespace flow
