// Prepares a new database for its first use.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"

namespace flow {

/// Creates the contexts "user", "administrator" and "super_administrator" of the first tenant and its first password
/// policy, if they do not exist.
base::Result<void> prepare_installation(const House& house, base::Time now);

}  // namespace flow
