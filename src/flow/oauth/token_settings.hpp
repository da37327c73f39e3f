// How long codes and tokens last.
#pragma once

#include <chrono>

#include "base/time.hpp"

namespace flow {

struct TokenSettings {
  base::Duration code_lasts = std::chrono::seconds(60);
  base::Duration access_token_lasts = std::chrono::minutes(10);
  base::Duration id_token_lasts = std::chrono::minutes(10);
};

}  // namespace flow
