// Keeps a second process from writing the same SQLite file: flock(2) on a file beside it. The system releases the lock
// when the process ends, however it ends. The process id inside the file is for people only.
#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"

namespace store {

class FileLock {
 public:
  FileLock() = default;
  FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FileLock& operator=(FileLock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

  /// Errors: unavailable (held, with the process that says so; or the file cannot be made).
  static base::Result<FileLock> take(const std::string& path);

 private:
  int file_ = -1;
};

}  // namespace store
