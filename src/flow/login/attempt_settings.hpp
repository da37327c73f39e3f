// How long a login may take.
#pragma once

#include <chrono>

#include "base/time.hpp"

namespace flow {

struct AttemptSettings {
  base::Duration lasts =
      std::chrono::minutes(30);  // of an attempt, and of the return to the application after a logout
};

}  // namespace flow
