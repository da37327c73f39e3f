// The figures about short messages for /metrics, while it lives: what each gateway took, refused and failed since the
// start of this process, and what was sent and held back by a limit today, on all nodes together.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "flow/house/house.hpp"

namespace app {

class SmsFigures {
 public:
  /// `house` and its route must outlive it.
  explicit SmsFigures(const flow::House& house);
  ~SmsFigures();
  SmsFigures(const SmsFigures&) = delete;
  SmsFigures& operator=(const SmsFigures&) = delete;

 private:
  std::vector<std::pair<std::string, std::string>> registered_;  // name and labels
};

}  // namespace app
