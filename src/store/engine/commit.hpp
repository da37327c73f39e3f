// The end of one transaction, shared by its members and by the threads that wait for it.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/result.hpp"

namespace store {

/// Guarded by Writer::mutex_, except that the leader sets `failure` while the transaction is its own.
struct Commit {
  /// Called once, on any thread: success = the commit is durable.
  using Told = std::function<void(const base::Result<void>&)>;

  [[nodiscard]] base::Result<void> result() const {
    if (failure) return tl::unexpected<base::Error>(*failure);
    return {};
  }

  bool over = false;                   // durable or failed: `result` counts
  std::optional<base::Error> failure;  // never changes once it is set
  std::vector<Told> told;
};

}  // namespace store
