// Figures about time stamps of this node for /metrics.
#pragma once

#include "flow/timestamp/timestamp_desk.hpp"

namespace app {

/// What `desk` counts stays registered while it lives; the destructor takes it out.
class TimestampFigures {
 public:
  explicit TimestampFigures(flow::TimestampDesk& desk);
  ~TimestampFigures();
  TimestampFigures(const TimestampFigures&) = delete;
  TimestampFigures& operator=(const TimestampFigures&) = delete;
};

}  // namespace app
