// Simulates power failures under a program that does not know of it (LD_PRELOAD): every change of files in one folder
// goes to the folder and onto a tape, and fsync and fdatasync are only recorded on the tape. What of it would be on the
// disk after a power failure is decided later, by what_survives.cpp.
//
//   POWER_FOLDER    the folder, without its sub-folders; nothing is simulated without it
//   POWER_TAPE      the file that becomes the tape
//   POWER_FAILS_AT  the process is killed in place of this change or sync, counted from 1; 0 or none = never
//   POWER_WITHOUT   "fdatasync": it does nothing, and does not stand on the tape either
//
// A file whose name ends in -shm is left out: SQLite shares it by mmap and makes it again from the log.
// Invariant: the tape tells the whole truth. What it cannot tell ends the process (shared mappings, O_SYNC, sync(2)).
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "power/tape.hpp"

namespace {

using power::Head;
using power::Kind;

// A direct system call, because the functions of the C library would call those of this file.
template <class... Arguments>
long call(long number, Arguments... arguments) {
  return ::syscall(number, arguments...);
}

[[noreturn]] void refuse(const char* what) {
  std::fprintf(stderr, "the simulator of power failures cannot simulate %s\n", what);
  std::abort();
}

std::string text_of(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

struct Descriptor {
  bool is_folder = false;
  std::uint32_t file = 0;
};

constexpr std::size_t most_descriptors = 65536;
// Whether a descriptor is in the simulator's table: for the many calls about sockets.
std::array<std::atomic<bool>, most_descriptors> simulated{};

bool is_simulated(int descriptor) {
  return descriptor >= 0 && static_cast<std::size_t>(descriptor) < most_descriptors &&
         simulated[static_cast<std::size_t>(descriptor)].load(std::memory_order_relaxed);
}

class Simulator {
 public:
  Simulator() : folder_(text_of("POWER_FOLDER")) {
    if (folder_.empty()) return;
    std::array<char, PATH_MAX> real{};
    if (::realpath(folder_.c_str(), real.data()) == nullptr) refuse("a folder that does not exist");
    folder_ = real.data();
    tape_ = static_cast<int>(
        call(SYS_openat, AT_FDCWD, text_of("POWER_TAPE").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (tape_ < 0) refuse("without the file of POWER_TAPE");
    fails_at_ = std::strtoull(text_of("POWER_FAILS_AT").c_str(), nullptr, 10);
    without_fdatasync_ = text_of("POWER_WITHOUT") == "fdatasync";
  }

  /// The name in the folder; none for what is elsewhere or left out. "" is the folder itself.
  std::optional<std::string> find_name(int where, const char* path) const {
    if (folder_.empty() || path == nullptr) return {};
    std::string full = path;
    std::array<char, PATH_MAX> real{};
    if (full.empty()) return {};
    if (full.front() != '/' && where != AT_FDCWD) refuse("a path relative to an open folder");
    if (::realpath(path, real.data()) != nullptr && folder_ == real.data()) return "";
    const std::size_t slash = full.rfind('/');
    const std::string parent = slash == std::string::npos ? "." : full.substr(0, slash + 1);
    if (::realpath(parent.c_str(), real.data()) == nullptr || folder_ != real.data()) return {};
    std::string name = slash == std::string::npos ? full : full.substr(slash + 1);
    if (name.ends_with("-shm")) return {};
    return name;
  }

  int open(int where, const char* path, int flags, mode_t mode) {
    const auto name = find_name(where, path);
    if (!name) return static_cast<int>(call(SYS_openat, where, path, flags, mode));
    if ((flags & O_SYNC) != 0 || (flags & O_DSYNC) != 0) refuse("O_SYNC");
    const std::lock_guard lock(mutex_);
    struct stat before {};
    const bool existed = ::stat(path, &before) == 0;
    const bool changes = (!existed && (flags & O_CREAT) != 0) || (existed && (flags & O_TRUNC) != 0);
    if (changes) count();
    const int descriptor = static_cast<int>(call(SYS_openat, where, path, flags, mode));
    struct stat now {};
    if (descriptor < 0 || ::fstat(descriptor, &now) != 0) return descriptor;
    if (static_cast<std::size_t>(descriptor) >= most_descriptors) refuse("so many open files");
    if (S_ISDIR(now.st_mode)) {
      remember(descriptor, {.is_folder = true});
    } else if (S_ISREG(now.st_mode)) {
      const std::uint32_t file = number_of(now, *name, existed);
      if (existed && (flags & O_TRUNC) != 0) record(Kind::size, file, 0, {});
      remember(descriptor, {.file = file});
    }
    return descriptor;
  }

  int close(int descriptor) {
    if (is_simulated(descriptor)) {
      const std::lock_guard lock(mutex_);
      simulated[static_cast<std::size_t>(descriptor)] = false;
      descriptors_.erase(descriptor);
    }
    return static_cast<int>(call(SYS_close, descriptor));
  }

  /// `at`: the place in the file; none = where the descriptor is.
  ssize_t write(int descriptor, const iovec* parts, int count_of_parts, std::optional<off_t> at) {
    const std::lock_guard lock(mutex_);
    count();
    off_t place = at ? *at : ::lseek(descriptor, 0, SEEK_CUR);
    if ((::fcntl(descriptor, F_GETFL) & O_APPEND) != 0) place = ::lseek(descriptor, 0, SEEK_END);
    const long written = at ? call(SYS_pwritev, descriptor, parts, count_of_parts, *at, 0L)
                            : call(SYS_writev, descriptor, parts, count_of_parts);
    std::string octets;
    for (int i = 0; i < count_of_parts; ++i)
      octets.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
    if (written > 0) {
      octets.resize(static_cast<std::size_t>(written));
      record(Kind::write, file_of(descriptor), static_cast<std::uint64_t>(place), octets);
    }
    return written;
  }

  int set_size(int descriptor, off_t size) {
    const std::lock_guard lock(mutex_);
    count();
    const int done = static_cast<int>(call(SYS_ftruncate, descriptor, size));
    if (done == 0) record(Kind::size, file_of(descriptor), static_cast<std::uint64_t>(size), {});
    return done;
  }

  /// A sync covers the changes before it begins, and only when it has ended.
  int sync(int descriptor) {
    std::uint64_t before = 0;
    {
      const std::lock_guard lock(mutex_);
      count();
      before = records_;
    }
    // As slow as a disk, so that other threads write meanwhile.
    ::usleep(2000);
    const std::lock_guard lock(mutex_);
    count();
    const Descriptor& held = descriptors_.at(descriptor);
    record(held.is_folder ? Kind::sync_names : Kind::sync_file, held.file, before, {});
    return 0;
  }
  [[nodiscard]] bool is_without_fdatasync() const { return without_fdatasync_; }

  int remove(int where, const char* path, int flags) {
    const auto name = find_name(where, path);
    if (!name || name->empty()) return static_cast<int>(call(SYS_unlinkat, where, path, flags));
    const std::lock_guard lock(mutex_);
    struct stat status {};
    const bool is_file = ::stat(path, &status) == 0 && S_ISREG(status.st_mode);
    if (is_file) count();
    const int done = static_cast<int>(call(SYS_unlinkat, where, path, flags));
    if (done == 0 && is_file) record(Kind::remove, 0, 0, *name);
    return done;
  }

  /// `kind`: link or rename.
  int give_name(Kind kind, const char* from, const char* to) {
    const long number = kind == Kind::link ? SYS_link : SYS_rename;
    const auto old_name = find_name(AT_FDCWD, from);
    const auto new_name = find_name(AT_FDCWD, to);
    if (!old_name && !new_name) return static_cast<int>(call(number, from, to));
    if (!old_name || !new_name) refuse("a file that moves into the folder or out of it");
    const std::lock_guard lock(mutex_);
    count();
    const int done = static_cast<int>(call(number, from, to));
    if (done == 0) record(kind, 0, 0, *old_name + '\0' + *new_name);
    return done;
  }

 private:
  // The power fails before this change or sync.
  void count() {
    if (++counted_ != fails_at_) return;
    call(SYS_kill, ::getpid(), SIGKILL);
    for (;;) ::pause();
  }

  void record(Kind kind, std::uint32_t file, std::uint64_t number, std::string_view octets) {
    Head head{kind, file, number, octets.size()};
    const std::array<iovec, 2> parts{iovec{&head, sizeof head}, iovec{const_cast<char*>(octets.data()), octets.size()}};
    if (call(SYS_writev, tape_, parts.data(), 2) != static_cast<long>(sizeof head + octets.size())) {
      refuse("without room for its tape");
    }
    ++records_;
  }

  std::uint32_t number_of(const struct stat& status, const std::string& name, bool existed) {
    const std::pair<dev_t, ino_t> identity(status.st_dev, status.st_ino);
    const auto known = files_.find(identity);
    if (existed && known != files_.end()) return known->second;
    // The number of an inode may be used again after its file has gone.
    const std::uint32_t file = next_file_++;
    files_[identity] = file;
    record(existed ? Kind::exists : Kind::create, file, 0, name);
    return file;
  }

  void remember(int descriptor, Descriptor held) {
    descriptors_[descriptor] = held;
    simulated[static_cast<std::size_t>(descriptor)] = true;
  }
  [[nodiscard]] std::uint32_t file_of(int descriptor) const { return descriptors_.at(descriptor).file; }

  std::string folder_;
  int tape_ = -1;
  std::uint64_t fails_at_ = 0;
  bool without_fdatasync_ = false;
  std::mutex mutex_;
  std::uint64_t counted_ = 0;
  std::uint64_t records_ = 0;
  std::uint32_t next_file_ = 0;
  std::map<std::pair<dev_t, ino_t>, std::uint32_t> files_;
  std::map<int, Descriptor> descriptors_;
};

Simulator& simulator() {
  // Never destroyed, because files are closed at the very end of the process.
  static Simulator* instance = new Simulator;
  return *instance;
}

mode_t mode_of(int flags, va_list more) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
}

int sync(int descriptor, long number) {
  if (!is_simulated(descriptor)) return static_cast<int>(call(number, descriptor));
  if (number == SYS_fdatasync && simulator().is_without_fdatasync()) return 0;
  return simulator().sync(descriptor);
}

void* map(void* address, std::size_t length, int protection, int flags, int descriptor, off_t place) {
  if (is_simulated(descriptor) && (protection & PROT_WRITE) != 0 && (flags & MAP_SHARED) != 0) {
    refuse("a shared mapping that is written to");
  }
  return reinterpret_cast<void*>(call(SYS_mmap, address, length, protection, flags, descriptor, place));
}

}  // namespace

// NOLINTBEGIN: the names and the shapes are those of the C library.
extern "C" {

#define OPEN(name)                                        \
  int name(const char* path, int flags, ...) {            \
    va_list more;                                         \
    va_start(more, flags);                                \
    const mode_t mode = mode_of(flags, more);             \
    va_end(more);                                         \
    return simulator().open(AT_FDCWD, path, flags, mode); \
  }
OPEN(open)
OPEN(open64)
#undef OPEN

#define OPENAT(name)                                      \
  int name(int where, const char* path, int flags, ...) { \
    va_list more;                                         \
    va_start(more, flags);                                \
    const mode_t mode = mode_of(flags, more);             \
    va_end(more);                                         \
    return simulator().open(where, path, flags, mode);    \
  }
OPENAT(openat)
OPENAT(openat64)
#undef OPENAT

int creat(const char* path, mode_t mode) {
  return simulator().open(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
int close(int descriptor) {
  return simulator().close(descriptor);
}

ssize_t write(int descriptor, const void* octets, size_t length) {
  if (!is_simulated(descriptor)) return call(SYS_write, descriptor, octets, length);
  const iovec part{const_cast<void*>(octets), length};
  return simulator().write(descriptor, &part, 1, {});
}
ssize_t writev(int descriptor, const iovec* parts, int count) {
  if (!is_simulated(descriptor)) return call(SYS_writev, descriptor, parts, count);
  return simulator().write(descriptor, parts, count, {});
}
ssize_t pwrite(int descriptor, const void* octets, size_t length, off_t at) {
  if (!is_simulated(descriptor)) return call(SYS_pwrite64, descriptor, octets, length, at);
  const iovec part{const_cast<void*>(octets), length};
  return simulator().write(descriptor, &part, 1, at);
}
ssize_t pwrite64(int descriptor, const void* octets, size_t length, off64_t at) {
  return pwrite(descriptor, octets, length, at);
}
ssize_t pwritev(int descriptor, const iovec* parts, int count, off_t at) {
  if (!is_simulated(descriptor)) return call(SYS_pwritev, descriptor, parts, count, at, 0L);
  return simulator().write(descriptor, parts, count, at);
}
ssize_t pwritev64(int descriptor, const iovec* parts, int count, off64_t at) {
  return pwritev(descriptor, parts, count, at);
}

int ftruncate(int descriptor, off_t size) noexcept {
  if (!is_simulated(descriptor)) return static_cast<int>(call(SYS_ftruncate, descriptor, size));
  return simulator().set_size(descriptor, size);
}
int ftruncate64(int descriptor, off64_t size) noexcept {
  return ftruncate(descriptor, size);
}

int fsync(int descriptor) {
  return sync(descriptor, SYS_fsync);
}
int fdatasync(int descriptor) {
  return sync(descriptor, SYS_fdatasync);
}
// Neither promises anything about a power failure.
int sync_file_range(int descriptor, off64_t at, off64_t length, unsigned flags) {
  return static_cast<int>(call(SYS_sync_file_range, descriptor, at, length, flags));
}
int syncfs(int) noexcept {
  refuse("syncfs");
}

int unlink(const char* path) noexcept {
  return simulator().remove(AT_FDCWD, path, 0);
}
int unlinkat(int where, const char* path, int flags) noexcept {
  return simulator().remove(where, path, flags);
}
int remove(const char* path) noexcept {
  const int done = simulator().remove(AT_FDCWD, path, 0);
  return done != 0 && errno == EISDIR ? simulator().remove(AT_FDCWD, path, AT_REMOVEDIR) : done;
}
int rename(const char* from, const char* to) noexcept {
  return simulator().give_name(Kind::rename, from, to);
}
int link(const char* from, const char* to) noexcept {
  return simulator().give_name(Kind::link, from, to);
}

void* mmap(void* address, size_t length, int protection, int flags, int descriptor, off_t place) noexcept {
  return map(address, length, protection, flags, descriptor, place);
}
void* mmap64(void* address, size_t length, int protection, int flags, int descriptor, off64_t place) noexcept {
  return map(address, length, protection, flags, descriptor, place);
}

}  // extern "C"
// NOLINTEND
