#include "store/driver/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace store {

FileLock::~FileLock() {
  if (file_ >= 0) ::close(file_);
}

base::Result<FileLock> FileLock::take(const std::string& path) {
  FileLock lock;
  // Whoever has the folder could make a command of root empty another file.
  lock.file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (lock.file_ < 0) {
    return base::fail(base::Code::unavailable, path + " cannot be opened: " + std::generic_category().message(errno));
  }
  // A command of root must not keep the server out, which runs as the owner of the database.
  struct stat database {};
  const std::string its_path = path.substr(0, path.size() - std::strlen(".lock"));
  if (::geteuid() == 0 && ::stat(its_path.c_str(), &database) == 0) {
    (void)!::fchown(lock.file_, database.st_uid, database.st_gid);
  }
  if (::flock(lock.file_, LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 16> holder{};
    const ssize_t size = ::read(lock.file_, holder.data(), holder.size());
    const std::string who = size > 0 ? " (" + std::string(holder.data(), static_cast<std::size_t>(size)) + ")" : "";
    return base::fail(
        base::Code::unavailable,
        "another process" + who + " holds the database: a server or a command of chancery that runs on " + its_path);
  }
  const std::string me = std::to_string(::getpid());
  // Nothing depends on the number having been written.
  if (::ftruncate(lock.file_, 0) != 0 || ::pwrite(lock.file_, me.data(), me.size(), 0) < 0) return lock;
  return lock;
}

}  // namespace store
