// A start that fails removes the files and folders that it has made. Invariant: only one process at a time starts in a
// data folder, and it removes only what did not exist when its turn began, so that it never removes the database of a
// running server.
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
