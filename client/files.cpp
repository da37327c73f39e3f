#include "client/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

namespace client {
namespace {

tl::unexpected<base::Error> cannot(std::string_view what, const std::filesystem::path& file) {
  return base::fail(base::Code::unavailable,
                    std::string(what) + " " + file.string() + ": " + std::strerror(errno));  // NOLINT(*-mt-unsafe)
}

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0;
}

}  // namespace

base::Result<std::filesystem::path> find_folder() {
  const char* const configured = std::getenv("XDG_CONFIG_HOME");  // NOLINT(*-mt-unsafe)
  if (configured != nullptr && *configured == '/') return std::filesystem::path(configured) / "chancery-client";
  const char* const home = std::getenv("HOME");  // NOLINT(*-mt-unsafe)
  if (home != nullptr && *home == '/') return std::filesystem::path(home) / ".config" / "chancery-client";
  return base::fail(base::Code::invalid_input, "HOME is not set, so that there is no place for the files");
}

base::Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder.parent_path(), failed);
  if (::mkdir(folder.c_str(), S_IRWXU) == 0) return {};
  if (errno != EEXIST || ::chmod(folder.c_str(), S_IRWXU) != 0) return cannot("cannot make the folder", folder);
  return {};
}

base::Result<void> write_file(const std::filesystem::path& file, std::string_view content) {
  const std::filesystem::path beside = file.string() + ".new";
  ::unlink(beside.c_str());
  const Descriptor made(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (made.number() < 0 || !write_all(made.number(), content)) return cannot("cannot write", beside);
  if (::rename(beside.c_str(), file.c_str()) != 0) return cannot("cannot write", file);
  return {};
}

base::Result<base::Secret> read_file(const std::filesystem::path& file, std::uintmax_t most) {
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(file, failed);
  if (failed) return base::fail(base::Code::not_found, "there is no file " + file.string());
  if (size > most) return base::fail(base::Code::invalid_input, file.string() + " is too large");
  std::ifstream in(file, std::ios::binary);
  std::string content(size, '\0');
  in.read(content.data(), static_cast<std::streamsize>(size));
  if (!in) return cannot("cannot read", file);
  return base::Secret(std::move(content));
}

}  // namespace client
