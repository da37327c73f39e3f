#include "app/house/sealed_bodies.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/id.hpp"
#include "base/time.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/signature/spool.hpp"

namespace app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view purpose = "body";
constexpr std::size_t block_size = std::size_t{64} * 1024;  // each is sealed for itself, so that any can be read alone

tl::unexpected<base::Error> refuse(int error) {
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    return base::fail(base::Code::unavailable, std::string(http::disk_full));
  }
  return base::fail(base::Code::unavailable, "a body cannot be stored: " + std::string(std::strerror(error)));
}

class Descriptor {
 public:
  explicit Descriptor(int handle) : handle_(handle) {}
  Descriptor(Descriptor&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (handle_ >= 0) ::close(handle_);
  }
  [[nodiscard]] int get() const { return handle_; }

 private:
  int handle_;
};

class SealedBody final : public http::BodyFile {
 public:
  explicit SealedBody(Descriptor file) : file_(std::move(file)), key_(crypto::MasterKey::make()) {}

  base::Result<void> append(base::BytesView octets) override {
    if (!flow::has_disk_space(file_.get(), octets.size())) return refuse(ENOSPC);
    if (!rest_.empty()) {
      const std::size_t size = std::min(octets.size(), block_size - rest_.size());
      rest_.append(octets.substr(0, size));
      octets.remove_prefix(size);
      if (rest_.size() < block_size) return {};
      RETURN_IF_ERROR(write(rest_));
      wipe_rest();
    }
    for (; octets.size() >= block_size; octets.remove_prefix(block_size)) {
      RETURN_IF_ERROR(write(octets.substr(0, block_size)));
    }
    rest_.append(octets);
    return {};
  }

  base::Result<void> finish() override {
    if (rest_.empty()) return {};
    RETURN_IF_ERROR(write(rest_));
    wipe_rest();
    return {};
  }

  [[nodiscard]] base::Result<base::Bytes> read(std::size_t offset, std::size_t most) const override {
    base::Bytes octets;
    if (offset >= size_) return octets;
    const std::size_t end = offset + std::min(most, size_ - offset);
    octets.reserve(end - offset);
    while (offset < end) {
      ASSIGN_OR_RETURN(const base::Secret block, read_block(offset / block_size));
      const std::size_t at = offset % block_size;
      const std::size_t size = std::min(end - offset, block_size - at);
      octets.append(block.reveal(), at, size);
      offset += size;
    }
    return octets;
  }

 private:
  /// The position of a block belongs to it, so that none can stand in the place of another.
  static base::Bytes place_of(std::size_t block) { return std::to_string(block); }

  base::Result<void> write(base::BytesView plain) {
    const base::Bytes sealed = key_.seal(purpose, plain, place_of(blocks_));
    if (overhead_ == 0) overhead_ = sealed.size() - plain.size();
    base::BytesView left = sealed;
    while (!left.empty()) {
      const ssize_t written = ::write(file_.get(), left.data(), left.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return refuse(errno);
      left.remove_prefix(static_cast<std::size_t>(written));
    }
    ++blocks_;
    size_ += plain.size();
    return {};
  }

  [[nodiscard]] base::Result<base::Secret> read_block(std::size_t block) const {
    base::Bytes sealed(std::min(block_size, size_ - block * block_size) + overhead_, '\0');
    const std::size_t begin = block * (block_size + overhead_);
    std::size_t got = 0;
    while (got < sealed.size()) {
      const ssize_t now =
          ::pread(file_.get(), sealed.data() + got, sealed.size() - got, static_cast<off_t>(begin + got));
      if (now < 0 && errno == EINTR) continue;
      if (now < 0) return refuse(errno);
      if (now == 0) break;
      got += static_cast<std::size_t>(now);
    }
    auto opened = key_.open(purpose, base::BytesView(sealed).substr(0, got), place_of(block));
    if (!opened) return base::fail(base::Code::internal, "a stored body does not open");
    return opened;
  }

  void wipe_rest() {
    ::explicit_bzero(rest_.data(), rest_.size());
    rest_.clear();
  }

  Descriptor file_;
  const crypto::MasterKey key_;
  base::Bytes rest_;          // less than a block, not yet written
  std::size_t overhead_ = 0;  // of a sealed block
  std::size_t blocks_ = 0;
  std::size_t size_ = 0;  // plain octets that were written
};

/// Without O_TMPFILE, as on a network's file system: the name lives for a moment. If the process dies in it, the file
/// is swept with the documents of jobs that are over (flow::Spool::sweep).
Descriptor open_and_unlink(const std::string& folder) {
  const std::string path = folder + "/" + base::Id::make(base::now()).to_string() + ".sealed";
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.get() >= 0) ::unlink(path.c_str());
  return file;
}

}  // namespace

base::Result<std::unique_ptr<http::BodyFile>> SealedBodies::open() {
  std::error_code failed;
  if (fs::create_directories(folder_, failed)) fs::permissions(folder_, fs::perms::owner_all, failed);
  Descriptor file(::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file.get() >= 0) return std::make_unique<SealedBody>(std::move(file));
  if (errno != EOPNOTSUPP && errno != EISDIR) return refuse(errno);
  Descriptor named = open_and_unlink(folder_);
  if (named.get() < 0) return refuse(errno);
  return std::make_unique<SealedBody>(std::move(named));
}

}  // namespace app
