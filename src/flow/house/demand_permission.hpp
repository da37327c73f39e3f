// Whether the acting context allows what is asked for.
#pragma once

#include "base/result.hpp"
#include "rights/actor.hpp"

namespace flow {

/// Errors: denied.
base::Result<void> demand_permission(const rights::Actor& actor, rights::Permission permission);

}  // namespace flow
