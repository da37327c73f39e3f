// What a new database gets before its first use.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"

namespace flow {

/// The contexts "user", "administrator" and "super_administrator" of the first tenant and its first password policy.
/// What is there already stays.
base::Result<void> prepare_installation(const House& house, base::Time now);

}  // namespace flow
