// The access log: one JSON line for each request, without the query and without anything of the body.
// Invariant: append() never waits for a disk. It puts lines into a buffer, which a thread of its own writes at least
// every second. While the disk does not answer, lines that exceed the buffer are dropped and counted.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.hpp"

namespace http {

class AccessLog {
 public:
  AccessLog() = default;
  ~AccessLog() { close(); }
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  /// `path`: a file, "-" for standard output, "" for none. Errors: unavailable.
  base::Result<void> open(const std::string& path);
  [[nodiscard]] bool is_open() const { return file_ >= 0; }
  /// A complete line with its line end.
  void append(std::string_view line);
  /// The file is opened again under its name before the next line is written.
  void reopen();
  /// Writes what is there and ends the thread.
  void close();

 private:
  void write_lines();
  void write_out(const std::string& lines);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::string buffer_;
  std::uint64_t dropped_ = 0;
  std::string path_;
  int file_ = -1;
  bool reopen_ = false;
  bool closing_ = false;
  std::thread writer_;
};

}  // namespace http
