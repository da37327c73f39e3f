// How long a proof of identity counts before dangerous actions ask for another one.
#pragma once

#include <chrono>

#include "base/time.hpp"

namespace flow {

struct ProofSettings {
  base::Duration lasts = std::chrono::minutes(5);  // of a repeated proof, and of a login
};

}  // namespace flow
