// The folder `copies` beside an embedded database, in which copies are made: one at a time. Invariant: between two
// copies it holds at most a sealed file that the command has not fetched yet.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace flow {

class CopiesFolder {
 public:
  /// Makes the folder beside the database, removes what an earlier copy has left, and keeps others out. Errors:
  /// conflict (a copy is being made), unavailable.
  static base::Result<CopiesFolder> open(const std::string& database);
  CopiesFolder(CopiesFolder&& other) noexcept;
  CopiesFolder& operator=(CopiesFolder&&) = delete;
  ~CopiesFolder();

  [[nodiscard]] const std::string& path() const { return path_; }
  /// A name that nothing has.
  [[nodiscard]] std::string new_name(const std::string& kind) const;
  /// Errors: unavailable (less is free, with a margin for the server; says how much).
  [[nodiscard]] base::Result<void> demand_space(std::int64_t octets) const;

 private:
  CopiesFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_ = -1;
};

/// What a process that was killed has left beside the database: called when a server starts.
void remove_unfinished_copies(const std::string& database);

}  // namespace flow
