// Checks the permission that an action needs against the acting context.
#pragma once

#include "base/result.hpp"
#include "rights/actor.hpp"

namespace flow {

/// Errors: denied (the acting context does not give the permission).
base::Result<void> demand_permission(const rights::Actor& actor, rights::Permission permission);
/// One of them is enough. Errors: denied.
base::Result<void> demand_one_of(const rights::Actor& actor, rights::Permissions permissions);

}  // namespace flow
