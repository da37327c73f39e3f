#include "flow/setup/new_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace flow {
namespace {

constexpr std::size_t piece = std::size_t{64} * 1024;

auto cannot(const std::string& path, const char* what) {
  const int error = errno;
  return base::fail(error == EEXIST ? base::Code::already_exists : base::Code::unavailable,
                    path + " " + what + ": " + std::strerror(error));
}

}  // namespace

base::Result<NewFile> NewFile::make(std::string path) {
  const int number = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (number < 0) return cannot(path, "cannot be made");
  return NewFile(std::move(path), number);
}

NewFile::NewFile(NewFile&& other) noexcept : path_(std::move(other.path_)), number_(std::exchange(other.number_, -1)) {}

NewFile::~NewFile() {
  if (number_ < 0) return;
  ::close(number_);
  ::unlink(path_.c_str());
}

base::Result<void> NewFile::write(base::BytesView octets) {
  while (!octets.empty()) {
    const ssize_t written = ::write(number_, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return cannot(path_, "cannot be written");
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

base::Result<void> NewFile::keep() {
  if (::fsync(number_) != 0) return cannot(path_, "cannot be written");
  const int number = std::exchange(number_, -1);
  if (::close(number) != 0) {
    auto failed = cannot(path_, "cannot be written");
    ::unlink(path_.c_str());
    return failed;
  }
  keep_names_beside(path_);
  return {};
}

base::Result<void> write_new_file(const std::string& path, base::BytesView octets) {
  ASSIGN_OR_RETURN(NewFile file, NewFile::make(path));
  RETURN_IF_ERROR(file.write(octets));
  return file.keep();
}

void keep_names_beside(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  const int folder = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  (void)::fsync(folder);
  ::close(folder);
}

base::Result<void> put_in_place(const std::string& from, const std::string& to) {
  // link(2) fails if the name is there.
  if (::link(from.c_str(), to.c_str()) != 0) {
    if (errno != EXDEV && errno != EPERM && errno != EOPNOTSUPP) return cannot(to, "cannot be made");
    const std::string unfinished = to + ".unfinished";
    ::unlink(unfinished.c_str());
    ASSIGN_OR_RETURN(OpenFile source, OpenFile::open(from));
    ASSIGN_OR_RETURN(NewFile copy, NewFile::make(unfinished));
    while (true) {
      ASSIGN_OR_RETURN(const base::Bytes octets, source.read(piece));
      if (octets.empty()) break;
      RETURN_IF_ERROR(copy.write(octets));
    }
    RETURN_IF_ERROR(copy.keep());
    const bool is_there = ::renameat2(AT_FDCWD, unfinished.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0;
    if (!is_there) {
      auto failed = cannot(to, "cannot be made");
      ::unlink(unfinished.c_str());
      return failed;
    }
  }
  keep_names_beside(to);
  ::unlink(from.c_str());
  return {};
}

base::Result<OpenFile> OpenFile::open(const std::string& path) {
  const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (number >= 0) return OpenFile(number);
  const bool is_missing = errno == ENOENT;
  return base::fail(is_missing ? base::Code::not_found : base::Code::unavailable,
                    path + " cannot be read: " + std::strerror(errno));
}

OpenFile OpenFile::own(int number) {
  (void)::lseek(number, 0, SEEK_SET);
  return OpenFile(number);
}

OpenFile::OpenFile(OpenFile&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

OpenFile::~OpenFile() {
  if (number_ >= 0) ::close(number_);
}

base::Result<base::Bytes> OpenFile::read(std::size_t most) {
  base::Bytes octets(most, '\0');
  std::size_t size = 0;
  while (size < most) {
    const ssize_t got = ::read(number_, octets.data() + size, most - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return base::fail(base::Code::unavailable, std::string("a file cannot be read: ") + std::strerror(errno));
    }
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  octets.resize(size);
  return octets;
}

std::int64_t OpenFile::size() const {
  struct stat status {};
  return ::fstat(number_, &status) == 0 ? static_cast<std::int64_t>(status.st_size) : 0;
}

}  // namespace flow
