// How long codes and tokens last.
#pragma once

#include <chrono>

#include "base/time.hpp"

namespace flow {

struct TokenSettings {
  base::Duration code_lasts = std::chrono::seconds(60);
  base::Duration access_token_lasts = std::chrono::minutes(10);
  base::Duration id_token_lasts = std::chrono::minutes(10);
  base::Duration refresh_grace = std::chrono::seconds(10);  // in which a used refresh token gives its successor again
  base::Duration offline_lasts = std::chrono::hours(24 * 180);  // a grant that outlives its session
  base::Duration offline_idle = std::chrono::hours(24 * 30);    // until its refresh token must be used
  base::Duration key_rotation = std::chrono::hours(24 * 90);    // after which the next key signs; 0 = by hand alone
  base::Duration key_overlap = std::chrono::hours(24 * 7);      // in which a key that signed before stays published
};

}  // namespace flow
