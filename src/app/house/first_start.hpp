// A start that fails leaves nothing behind: what it made is taken away again.
// Invariant: only one process at a time starts in a data folder, and only what was missing when its turn began is taken
// away. A running server has its database, so that another start never takes it away.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace app {

struct Config;

class FirstStart {
 public:
  /// Makes the data folder and waits for another start in it. Errors: unavailable (a sentence for the operator).
  static base::Result<FirstStart> begin(const Config& config);
  FirstStart(FirstStart&&) noexcept;
  FirstStart& operator=(FirstStart&&) = delete;
  ~FirstStart();

  /// The server runs: everything stays.
  void keep() { made_.clear(); }

 private:
  FirstStart() = default;

  int lock_ = -1;
  std::vector<std::string> made_;  // files, then folders from the innermost on
};

}  // namespace app
