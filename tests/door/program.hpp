// Runs the program `chancery`: commands until they end, and a server in the background.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace door {

/// A folder for one test, deleted at its end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string operator/(std::string_view name) const { return (path_ / name).string(); }
  /// Writes a file and gives its path.
  std::string write(std::string_view name, std::string_view text) const;

 private:
  std::filesystem::path path_;
};

struct Finished {
  int status = -1;  // exit status, or 128 + signal
  std::string out;
  std::string err;
};
/// Runs chancery with these arguments until it ends, at most a minute.
Finished run_chancery(const std::vector<std::string>& arguments, const std::string& input = "");

/// `chancery serve` in the background.
class ServerProcess {
 public:
  /// Waits until everything answers or the program has ended. Standard error goes to `log`.
  ServerProcess(const std::string& config, const std::string& log, const std::vector<std::string>& wrapper = {});
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  [[nodiscard]] bool is_ready() const { return !ports_.empty(); }
  /// Port of the only listener, or of the one with that name.
  [[nodiscard]] std::uint16_t port(const std::string& listener = "http") const;
  [[nodiscard]] pid_t id() const { return child_; }
  void send(int signal) const;
  /// Waits for the end and gives the status; as in Finished.
  int wait();

 private:
  pid_t child_ = -1;
  std::string ports_;
};

}  // namespace door
