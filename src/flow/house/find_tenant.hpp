// Finds the tenant that an administrator works in.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {

/// `named`: key or id of a tenant that the actor reaches; "" = the actor's own, and for the operator the first one.
/// Errors: not_found.
base::Result<store::Tenant> find_managed_tenant(store::Tx& tx, const rights::Actor& actor, std::string_view named);
/// The tenants that the actor reaches, by id: the own one before those below it.
base::Result<std::vector<store::Tenant>> list_managed_tenants(store::Tx& tx, const rights::Actor& actor);

/// Their ids.
base::Result<std::vector<base::Id>> list_reached(store::Tx& tx, const rights::Actor& actor);

}  // namespace flow
