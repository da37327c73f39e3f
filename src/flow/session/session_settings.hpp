// How long sessions and known devices last.
#pragma once

#include <chrono>

#include "base/time.hpp"

namespace flow {

struct SessionSettings {
  base::Duration idle = std::chrono::minutes(15);
  base::Duration connector_idle = std::chrono::hours(1);  // on the pages of the connector's listener
  base::Duration absolute = std::chrono::hours(12);
  base::Duration warning = std::chrono::minutes(2);            // how long before the automatic logout the page warns
  base::Duration choice = std::chrono::minutes(10);            // to choose a context
  base::Duration acting_lasts = std::chrono::minutes(30);      // how long one acts for another person (S3.9)
  bool acting_told = true;                                     // whether the other person gets a message
  base::Duration device_lasts = std::chrono::hours(24 * 180);  // a known device, since its last login
};

}  // namespace flow
