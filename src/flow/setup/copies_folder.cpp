#include "flow/setup/copies_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/id.hpp"

namespace flow {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t mebibyte = std::int64_t{1024} * 1024;
// What the server may write meanwhile.
constexpr std::int64_t margin = 32 * mebibyte;
// A command fetches its file at once.
constexpr std::chrono::hours longest_wait(1);

fs::path folder_beside(const std::string& database) {
  return fs::path(database).parent_path() / "copies";
}

// Plain copies go in any case; a sealed file may wait for its command.
void remove_left(const fs::path& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    std::error_code unknown;
    const bool is_sealed = entry.path().filename().string().starts_with("sealed-");
    const auto written = fs::last_write_time(entry.path(), unknown);
    if (is_sealed && !unknown && fs::file_time_type::clock::now() - written < longest_wait) continue;
    fs::remove(entry.path(), unknown);
  }
}

}  // namespace

base::Result<CopiesFolder> CopiesFolder::open(const std::string& database) {
  const std::string path = folder_beside(database).string();
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return base::fail(base::Code::unavailable, "the folder " + path + " cannot be made: " + std::strerror(errno));
  }
  CopiesFolder folder(path, ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (folder.lock_ < 0) {
    return base::fail(base::Code::unavailable, "the folder " + path + " cannot be opened: " + std::strerror(errno));
  }
  if (::flock(folder.lock_, LOCK_EX | LOCK_NB) != 0) {
    return base::fail(base::Code::conflict, "another copy of the database is being made; try again later");
  }
  remove_left(path);
  return folder;
}

CopiesFolder::CopiesFolder(CopiesFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

CopiesFolder::~CopiesFolder() {
  if (lock_ >= 0) ::close(lock_);
}

std::string CopiesFolder::new_name(const std::string& kind) const {
  return path_ + "/" + kind + "-" + base::Id::make(base::now()).to_string();
}

base::Result<void> CopiesFolder::demand_space(std::int64_t octets) const {
  std::error_code error;
  const auto space = fs::space(path_, error);
  const auto needed = static_cast<std::uintmax_t>(octets + margin);
  if (error || space.available >= needed) return {};
  return base::fail(base::Code::unavailable,
                    "the disk of " + path_ + " has " + std::to_string(space.available / mebibyte) +
                        " MiB free, and the copy needs " + std::to_string(needed / mebibyte) + " MiB for a while");
}

void remove_unfinished_copies(const std::string& database) {
  const fs::path path = folder_beside(database);
  std::error_code error;
  if (fs::is_directory(path, error)) remove_left(path);
}

}  // namespace flow
