// Checks that the demonstration's ports are free before anything is started.
#pragma once

#include "base/result.hpp"
#include "demo/options.hpp"

namespace demo {

/// Errors: unavailable, naming the first port that is taken.
base::Result<void> check_ports(const Options& options);

}  // namespace demo
