#include "app/house/first_start.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "app/config/config.hpp"

namespace app {
namespace {

namespace fs = std::filesystem;

auto cannot(const std::string& what, const std::string& folder, int error) {
  return base::fail(base::Code::unavailable,
                    "the data folder " + folder + " cannot be " + what + ": " + std::strerror(error));
}

// The folders to create, from the innermost on.
std::vector<std::string> find_missing_folders(const fs::path& folder) {
  std::vector<std::string> missing;
  std::error_code error;
  for (fs::path one = folder; !one.empty() && !fs::exists(one, error); one = one.parent_path()) {
    missing.push_back(one.string());
  }
  return missing;
}

}  // namespace

base::Result<FirstStart> FirstStart::begin(const Config& config) {
  FirstStart start;
  if (config.data_dir.empty()) return start;
  const std::vector<std::string> folders = find_missing_folders(config.data_dir);
  std::error_code error;
  fs::create_directories(fs::path(config.data_dir).parent_path(), error);
  if (::mkdir(config.data_dir.c_str(), 0700) != 0 && errno != EEXIST) return cannot("made", config.data_dir, errno);
  start.lock_ = ::open(config.data_dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (start.lock_ < 0) return cannot("opened", config.data_dir, errno);
  while (::flock(start.lock_, LOCK_EX) != 0) {
    if (errno != EINTR) return cannot("locked", config.data_dir, errno);
  }
  std::vector<std::string> files;
  if (config.is_sqlite() && !config.is_in_memory()) {
    const std::string database = config.database_file();
    if (!fs::exists(database, error)) {
      for (const char* const end : {"", "-wal", "-shm", "-journal", ".lock"}) files.push_back(database + end);
      if (config.master_key.empty()) files.push_back(config.master_key_file);
    }
  }
  for (std::string& file : files) {
    if (!fs::exists(file, error)) start.made_.push_back(std::move(file));
  }
  start.made_.insert(start.made_.end(), folders.begin(), folders.end());
  return start;
}

FirstStart::FirstStart(FirstStart&& other) noexcept
    : lock_(std::exchange(other.lock_, -1)), made_(std::exchange(other.made_, {})) {}

FirstStart::~FirstStart() {
  std::error_code error;
  // A folder that is not empty stays.
  for (const std::string& one : made_) fs::remove(one, error);
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace app
