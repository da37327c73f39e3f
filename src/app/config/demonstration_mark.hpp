// The mark of a running demonstration: a file of the person who started it, which names its configuration and is locked
// as long as its server runs. The lock ends with the process, however that ends, so that no stale mark counts.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"

namespace app {

class DemonstrationMark {
 public:
  /// Errors: conflict (another demonstration holds it), unavailable (the file cannot be made).
  static base::Result<DemonstrationMark> set(const std::string& mark_file, const std::string& config_file);
  ~DemonstrationMark();
  DemonstrationMark(DemonstrationMark&& other) noexcept;
  DemonstrationMark(const DemonstrationMark&) = delete;
  DemonstrationMark& operator=(const DemonstrationMark&) = delete;
  DemonstrationMark& operator=(DemonstrationMark&&) = delete;

 private:
  explicit DemonstrationMark(int handle) : handle_(handle) {}
  int handle_;
};

/// The configuration of the running demonstration; nullopt if none runs, or if the mark belongs to somebody else.
std::optional<std::string> find_demonstration(const std::string& mark_file);

}  // namespace app
