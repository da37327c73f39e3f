// The codes that are sent for the second step of a login (S3.1).
#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.hpp"

namespace flow {

struct FactorSettings {
  std::int64_t code_digits = 6;
  base::Duration code_lasts = std::chrono::minutes(5);
  std::int64_t code_tries = 5;                                 // then the code is dead, the right one too
  base::Duration code_again_after = std::chrono::seconds(30);  // before another one can be asked for
};

}  // namespace flow
