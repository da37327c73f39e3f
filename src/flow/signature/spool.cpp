#include "flow/signature/spool.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "crypto/key/master_key.hpp"

namespace flow {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view purpose = "signing-document";
constexpr std::string_view suffix = ".sealed";
constexpr std::size_t length_of_id = 36;
constexpr std::uint64_t most_kept_free = std::uint64_t{256} * 1024 * 1024;
constexpr std::uint64_t part_kept_free = 8;
constexpr std::uint64_t times_for_copies = 4;

std::string name_of(const base::Id& job, std::int64_t position) {
  return job.to_string() + "-" + std::to_string(position) + std::string(suffix);
}

base::Bytes place_of(const base::Id& job, std::int64_t position) {
  return base::Bytes(job.bytes()).append(std::to_string(position));
}

class File {
 public:
  File(const std::string& path, int flags) : handle_(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { close(); }
  [[nodiscard]] int handle() const { return handle_; }
  [[nodiscard]] bool is_open() const { return handle_ >= 0; }
  bool close() { return handle_ < 0 || ::close(std::exchange(handle_, -1)) == 0; }

 private:
  int handle_;
};

tl::unexpected<base::Error> refuse(int error) {
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    return base::fail(base::Code::unavailable, std::string(spool_full));
  }
  return base::fail(base::Code::unavailable,
                    "a document cannot be kept until it is signed: " + std::string(std::strerror(error)));
}

base::Result<void> write_all(int handle, base::BytesView octets) {
  while (!octets.empty()) {
    const ssize_t written = ::write(handle, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return refuse(errno);
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(handle) != 0) return refuse(errno);
  return {};
}

base::Result<void> write_file(const std::string& path, base::BytesView octets, std::uint64_t times) {
  File file(path, O_WRONLY | O_CREAT | O_EXCL);
  if (!file.is_open()) return refuse(errno);
  if (!has_disk_space(file.handle(), octets.size(), times)) return refuse(ENOSPC);
  RETURN_IF_ERROR(write_all(file.handle(), octets));
  if (!file.close()) return refuse(errno);
  return {};
}

base::Result<void> sync_folder(const std::string& path) {
  const File folder(path, O_RDONLY | O_DIRECTORY);
  if (!folder.is_open() || ::fsync(folder.handle()) != 0) return refuse(errno);
  return {};
}

base::Result<base::Bytes> read_file(const std::string& path) {
  const File file(path, O_RDONLY);
  if (!file.is_open() && errno == ENOENT) return base::fail(base::Code::not_found, "the document is not here");
  struct stat facts {};
  if (!file.is_open() || ::fstat(file.handle(), &facts) != 0) return refuse(errno);
  base::Bytes octets(static_cast<std::size_t>(facts.st_size), '\0');
  std::size_t got = 0;
  while (got < octets.size()) {
    const ssize_t read = ::read(file.handle(), octets.data() + got, octets.size() - got);
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return refuse(errno);
    if (read == 0) break;
    got += static_cast<std::size_t>(read);
  }
  octets.resize(got);
  return octets;
}

}  // namespace

bool has_disk_space(int file, std::size_t more, std::uint64_t times) {
  struct statvfs facts {};
  if (::fstatvfs(file, &facts) != 0) return true;
  const std::uint64_t unit = facts.f_frsize;
  const std::uint64_t kept = std::min(most_kept_free, facts.f_blocks * unit / part_kept_free);
  return facts.f_bavail * unit >= kept * times + more;
}

base::Secret Spool::make_key() {
  return crypto::MasterKey::make().to_text();
}

base::Result<void> Spool::put(const base::Id& job, std::int64_t position, const base::Secret& key,
                              base::BytesView octets) {
  ASSIGN_OR_RETURN(const crypto::MasterKey sealing, crypto::MasterKey::parse(key.reveal()));
  base::Bytes sealed = sealing.seal(purpose, octets, place_of(job, position));
  const std::string name = name_of(job, position);
  if (folder_.empty()) {
    const std::lock_guard lock(mutex_);
    memory_[name] = std::move(sealed);
    return {};
  }
  std::error_code ignored;
  if (fs::create_directories(folder_, ignored)) fs::permissions(folder_, fs::perms::owner_all, ignored);
  // A copy is a help: with little space there is none, and what is signed still has its place.
  const bool is_copy = position >= copy_of(0);
  auto written = write_file(path_of(name), sealed, is_copy ? times_for_copies : 1);
  if (!written) fs::remove(path_of(name), ignored);
  return written;
}

base::Result<void> Spool::settle() {
  if (folder_.empty()) return {};
  return sync_folder(folder_);
}

base::Result<base::Bytes> Spool::get(const base::Id& job, std::int64_t position, const base::Secret& key) const {
  if (key.empty()) return base::fail(base::Code::not_found, "the document is gone");
  ASSIGN_OR_RETURN(const crypto::MasterKey sealing, crypto::MasterKey::parse(key.reveal()));
  base::Bytes sealed;
  if (folder_.empty()) {
    const std::lock_guard lock(mutex_);
    const auto found = memory_.find(name_of(job, position));
    if (found == memory_.end()) return base::fail(base::Code::not_found, "the document is not here");
    sealed = found->second;
  } else {
    ASSIGN_OR_RETURN(sealed, read_file(path_of(name_of(job, position))));
  }
  const auto opened = sealing.open(purpose, sealed, place_of(job, position));
  if (!opened) return base::fail(base::Code::internal, "a document that waits to be signed does not open");
  base::Bytes().swap(sealed);  // so that a large document is not in memory three times
  return base::Bytes(opened->reveal());
}

void Spool::remove(const base::Id& job, std::int64_t count) {
  const auto remove_one = [&](const std::string& name) {
    std::error_code ignored;
    if (!folder_.empty()) {
      fs::remove(path_of(name), ignored);
      return;
    }
    const std::lock_guard lock(mutex_);
    memory_.erase(name);
  };
  remove_one(name_of(job, list_of_copies));
  for (std::int64_t position = 0; position < count; ++position) {
    remove_one(name_of(job, position));
    remove_one(name_of(job, copy_of(position)));
  }
}

void Spool::sweep(base::Time before) {
  const auto is_old = [&](std::string_view name) {
    const auto job = base::Id::parse(name.substr(0, length_of_id));
    return name.ends_with(suffix) && job && job->made_at() < before;
  };
  if (folder_.empty()) {
    const std::lock_guard lock(mutex_);
    std::erase_if(memory_, [&](const auto& one) { return is_old(one.first); });
    return;
  }
  std::error_code failed;
  for (fs::directory_iterator at(folder_, failed), end; !failed && at != end; at.increment(failed)) {
    std::error_code ignored;
    if (is_old(at->path().filename().string())) fs::remove(at->path(), ignored);
  }
}

}  // namespace flow
