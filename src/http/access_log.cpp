#include "http/access_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/log.hpp"

namespace http {
namespace {

constexpr std::size_t wake_at = 64 * 1024;
constexpr std::size_t most = 8 * 1024 * 1024;

int open_file(const std::string& path) {
  if (path == "-") return ::dup(STDOUT_FILENO);
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
}

}  // namespace

base::Result<void> AccessLog::open(const std::string& path) {
  if (path.empty()) return {};
  path_ = path;
  file_ = open_file(path);
  if (file_ < 0) {
    return base::fail(base::Code::unavailable, "cannot open the access log " + path + ": " + std::strerror(errno));
  }
  closing_ = false;
  writer_ = std::thread([this] { write_lines(); });
  return {};
}

void AccessLog::append(std::string_view line) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (buffer_.size() + line.size() > most) {
      ++dropped_;
      return;
    }
    wake = buffer_.size() < wake_at && buffer_.size() + line.size() >= wake_at;
    buffer_.append(line);
  }
  if (wake) wake_.notify_one();
}

void AccessLog::reopen() {
  const std::lock_guard lock(mutex_);
  reopen_ = true;
}

void AccessLog::close() {
  if (!writer_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  writer_.join();
  ::close(file_);
  file_ = -1;
}

void AccessLog::write_lines() {
  std::string lines;
  std::unique_lock lock(mutex_);
  for (bool last = false; !last;) {
    wake_.wait_for(lock, std::chrono::seconds(1), [this] { return closing_ || buffer_.size() >= wake_at; });
    last = closing_;
    lines.swap(buffer_);
    const std::uint64_t dropped = std::exchange(dropped_, 0);
    const bool again = std::exchange(reopen_, false) && path_ != "-";
    lock.unlock();
    if (again) {
      if (const int fresh = open_file(path_); fresh >= 0) {
        ::dup3(fresh, file_, O_CLOEXEC);
        ::close(fresh);
      } else {
        base::log(base::Level::error, "cannot reopen the access log",
                  {{"file", path_}, {"error", std::strerror(errno)}});
      }
    }
    if (dropped > 0) {
      base::log(base::Level::warning, "access log lines were dropped", {{"count", std::to_string(dropped)}});
    }
    write_out(lines);
    lines.clear();
    lock.lock();
  }
}

void AccessLog::write_out(const std::string& lines) {
  std::string_view rest = lines;
  while (!rest.empty()) {
    const ssize_t n = ::write(file_, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      base::log(base::Level::error, "cannot write the access log", {{"file", path_}, {"error", std::strerror(errno)}});
      return;
    }
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace http
