#include "app/house/master_key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/config/config.hpp"
#include "base/log.hpp"

namespace app {
namespace {

std::string unfinished_name(const std::string& path) {
  return path + ".unfinished";
}

// Into a file of its own: one that is there already may be open in another process.
bool write_durably(const std::string& path, std::string_view line) {
  ::unlink(path.c_str());
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool written =
      ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(file) == 0;
  const int error = errno;
  ::close(file);
  errno = error;
  return written;
}

void keep_names_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  const int folder = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  (void)::fsync(folder);
  ::close(folder);
}

std::string next_name(const Config& config) {
  return config.master_key_file + ".next";
}

// After a power failure the file either has the whole key or does not exist, so that the next start makes one.
base::Result<crypto::MasterKey> make_file(const std::string& path) {
  const auto cannot = [&](int error) {
    return base::fail(base::Code::unavailable,
                      "the master key file " + path + " cannot be written: " + std::strerror(error));
  };
  const crypto::MasterKey key = crypto::MasterKey::make();
  const base::Secret text = key.to_text();
  const std::string line = std::string(text.reveal()) + "\n";
  const std::string unfinished = unfinished_name(path);
  // link(2) fails if the name is there, so that no key is ever overwritten.
  const bool made = write_durably(unfinished, line) && ::link(unfinished.c_str(), path.c_str()) == 0;
  const int error = errno;
  ::unlink(unfinished.c_str());
  if (!made) return cannot(error);
  // The name must survive a power failure as well as the database that will depend on it.
  keep_names_of(path);
  base::log(base::Level::warning, "a master key was made; keep a copy of it apart from the database", {{"file", path}});
  return key;
}

}  // namespace

base::Result<crypto::MasterKey> find_master_key(const Config& config, bool may_make) {
  if (!config.master_key.empty()) {
    auto key = crypto::MasterKey::parse(config.master_key.reveal());
    if (!key)
      return base::fail(base::Code::invalid_input, "CHANCERY_MASTER_KEY is not a master key: " + key.error().reason);
    return key;
  }
  if (config.is_in_memory()) return crypto::MasterKey::make();
  const std::string& path = config.master_key_file;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno != ENOENT)
      return base::fail(base::Code::unavailable,
                        "the master key file " + path + " cannot be read: " + std::strerror(errno));
    const std::string missing = "the master key file " + path + " does not exist";
    if (!config.is_sqlite())
      return base::fail(base::Code::unavailable, missing + "; every node of this database needs the same key");
    if (std::filesystem::exists(config.database_file())) {
      return base::fail(base::Code::unavailable, missing + ", but the database " + config.database_file() +
                                                     " does; restore the key from its copy");
    }
    if (!may_make)
      return base::fail(base::Code::unavailable, missing + "; the first start of `chancery serve` makes it");
    return make_file(path);
  }
  if (may_make) ::unlink(unfinished_name(path).c_str());  // what a power failure left of the first start
  if ((status.st_mode & 0077U) != 0) {
    base::log(base::Level::warning, "the master key file can be read by others than its owner", {{"file", path}});
  }
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (!S_ISREG(status.st_mode) || !file || !(text << file.rdbuf())) {
    return base::fail(base::Code::unavailable, "the master key file " + path + " cannot be read");
  }
  auto key = crypto::MasterKey::parse(base::Secret(text.str()).reveal());
  if (!key)
    return base::fail(base::Code::invalid_input,
                      "the master key file " + path + " holds no master key: " + key.error().reason);
  return key;
}

base::Result<crypto::MasterKey> prepare_next_master_key(const Config& config) {
  if (!config.master_key.empty() || config.is_in_memory()) {
    return base::fail(base::Code::invalid_input,
                      "the master key does not come from a file; write it to `master_key_file` (mode 0600), remove "
                      "CHANCERY_MASTER_KEY, and try again");
  }
  ::unlink(next_name(config).c_str());
  return make_file(next_name(config));
}

base::Result<std::optional<crypto::MasterKey>> find_next_master_key(const Config& config) {
  std::optional<crypto::MasterKey> none;
  if (!config.master_key.empty() || config.is_in_memory()) return none;
  const std::string path = next_name(config);
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return none;
  if ((status.st_mode & 0077U) != 0) {
    return base::fail(
        base::Code::invalid_input,
        "others than its owner can read " + path +
            ", so that it is not taken for the next master key; if you know that it is, make its mode 0600");
  }
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (!file || !(text << file.rdbuf())) return none;
  auto key = crypto::MasterKey::parse(base::Secret(text.str()).reveal());
  if (!key) return none;
  return std::optional(std::move(*key));
}

base::Result<void> put_next_master_key_in_force(const Config& config) {
  const std::string& path = config.master_key_file;
  if (::rename(next_name(config).c_str(), path.c_str()) != 0) {
    return base::fail(base::Code::unavailable, "the master key file " + path +
                                                   " cannot be replaced: " + std::strerror(errno) + "; move " +
                                                   next_name(config) + " to its place");
  }
  keep_names_of(path);
  return {};
}

}  // namespace app
