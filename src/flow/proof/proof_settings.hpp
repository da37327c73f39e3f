// How long a proof of identity counts before dangerous actions ask for another one, and where certificates are asked
// for.
#pragma once

#include <chrono>
#include <string>

#include "base/time.hpp"

namespace flow {

struct ProofSettings {
  base::Duration lasts = std::chrono::minutes(5);  // of a repeated proof, and of a login
  // Scheme, host and port of the listener that asks browsers for certificates; "" = there is none.
  std::string certificate_origin;
};

}  // namespace flow
