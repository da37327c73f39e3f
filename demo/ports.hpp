// Whether the demonstration can have its ports, before anything is started.
#pragma once

#include "base/result.hpp"
#include "demo/options.hpp"

namespace demo {

/// Errors: unavailable, naming the first port that is taken.
base::Result<void> check_ports(const Options& options);

}  // namespace demo
