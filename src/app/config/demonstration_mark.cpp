#include "app/config/demonstration_mark.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace app {
namespace {

bool is_own_file(int handle) {
  struct stat status {};
  return ::fstat(handle, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == ::geteuid() &&
         (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

}  // namespace

base::Result<DemonstrationMark> DemonstrationMark::set(const std::string& mark_file, const std::string& config_file) {
  std::error_code error;
  const std::string content = std::filesystem::canonical(config_file, error).string() + "\n";
  std::filesystem::create_directories(std::filesystem::path(mark_file).parent_path(), error);
  DemonstrationMark mark(::open(mark_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (mark.handle_ < 0)
    return base::fail(base::Code::unavailable, mark_file + " cannot be written: " + std::strerror(errno));
  if (!is_own_file(mark.handle_)) return base::fail(base::Code::unavailable, mark_file + " belongs to somebody else");
  if (::flock(mark.handle_, LOCK_EX | LOCK_NB) != 0)
    return base::fail(base::Code::conflict, "another demonstration holds " + mark_file);
  const bool is_written = ::ftruncate(mark.handle_, 0) == 0 &&
                          ::write(mark.handle_, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  if (!is_written) return base::fail(base::Code::unavailable, mark_file + " cannot be written");
  return mark;
}

DemonstrationMark::DemonstrationMark(DemonstrationMark&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}

DemonstrationMark::~DemonstrationMark() {
  if (handle_ >= 0) ::close(handle_);  // which ends the lock
}

std::optional<std::string> find_demonstration(const std::string& mark_file) {
  const int handle = ::open(mark_file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (handle < 0) return std::nullopt;
  std::optional<std::string> found;
  const bool runs = is_own_file(handle) && ::flock(handle, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (runs) {
    std::array<char, 4096> buffer{};
    const ssize_t got = ::read(handle, buffer.data(), buffer.size());
    std::string line(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    line.resize(std::min(line.find('\n'), line.size()));
    if (!line.empty()) found = std::move(line);
  }
  ::close(handle);
  return found;
}

}  // namespace app
