// Child processes: the server, and single commands to it. Invariant: no child outlives the demonstration
// (PR_SET_PDEATHSIG, and the destructor stops it).
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace demo {

class Process {
 public:
  /// Standard output and error are appended to `log_file`. Call it from the main thread, because the kernel ends the
  /// child together with the thread that started it. Errors: unavailable.
  static base::Result<Process> start(const std::vector<std::string>& command, const std::string& log_file);
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// How it ended ("exit status 1", "signal 9"), if it has.
  [[nodiscard]] std::optional<std::string> find_end();
  /// TERM, then KILL when `patience` is over; waits.
  void stop(std::chrono::milliseconds patience);

 private:
  explicit Process(pid_t pid) : pid_(pid) {}
  pid_t pid_ = -1;
  std::optional<std::string> end_;
};

struct Finished {
  int status = 0;      // exit status; 128 + signal
  std::string output;  // standard output and error, at most 64 KiB
};
/// Runs a command to its end; `input` goes to its standard input. Errors: unavailable.
base::Result<Finished> run(const std::vector<std::string>& command, const std::string& input);

}  // namespace demo
