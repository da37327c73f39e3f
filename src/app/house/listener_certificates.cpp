#include "app/house/listener_certificates.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/log.hpp"
#include "crypto/certificate/server_certificate.hpp"
#include "crypto/digest/digest.hpp"
#include "flow/certificate/renew_server.hpp"

namespace app {
namespace {

constexpr base::Duration look_every = std::chrono::seconds(2);
constexpr base::Duration complain_every = std::chrono::hours(1);
constexpr std::size_t largest_file = std::size_t{1024} * 1024;

base::Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (!file || !(text << file.rdbuf()) || text.str().size() > largest_file) {
    return base::fail(base::Code::unavailable, "it cannot be read");
  }
  return text.str();
}

bool write_all(int file, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t written = ::write(file, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0;
}

void keep_names_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  const int folder = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  (void)::fsync(folder);
  ::close(folder);
}

/// A file beside the one that it will replace; removed unless it was put in its place.
class Successor {
 public:
  explicit Successor(const std::string& path) : name_(path + ".renewed-" + std::to_string(::getpid())) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return;
    ::unlink(name_.c_str());
    file_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file_ < 0) return;
    // Only root may give a file away; for others the new one is the server's own, as the old one was.
    (void)!::fchown(file_, status.st_uid, status.st_gid);
    (void)::fchmod(file_, status.st_mode & 0777U);
  }
  ~Successor() {
    if (file_ < 0) return;
    ::close(file_);
    if (!is_placed_) ::unlink(name_.c_str());
  }
  Successor(const Successor&) = delete;
  Successor& operator=(const Successor&) = delete;

  [[nodiscard]] bool is_open() const { return file_ >= 0; }
  bool place(const std::string& path, std::string_view content) {
    is_placed_ = write_all(file_, content) && ::rename(name_.c_str(), path.c_str()) == 0;
    return is_placed_;
  }

 private:
  std::string name_;
  int file_ = -1;
  bool is_placed_ = false;
};

tl::unexpected<base::Error> cannot_replace() {
  return base::fail(base::Code::unavailable, std::string("it cannot be replaced: ") + std::strerror(errno));
}

}  // namespace

base::Result<void> replace_file(const std::string& path, const std::function<base::Result<std::string>()>& make) {
  // The target of a link is replaced, not the link: the operator has put it there.
  std::error_code error;
  const std::string target = std::filesystem::canonical(path, error).string();
  if (error) return base::fail(base::Code::unavailable, "it cannot be replaced: " + error.message());
  Successor successor(target);
  if (!successor.is_open()) return cannot_replace();
  ASSIGN_OR_RETURN(const std::string content, make());
  if (!successor.place(target, content)) return cannot_replace();
  keep_names_of(target);
  return {};
}

ListenerCertificates::ListenerCertificates(const flow::House& house, const std::vector<http::Listener>& listeners,
                                           std::function<base::Result<void>()> reload)
    : house_(house), reload_(std::move(reload)) {
  for (const http::Listener& listener : listeners) {
    if (listener.tls) files_.insert(listener.tls_files.certificate_file);
  }
}

void ListenerCertificates::start() {
  if (!files_.empty()) worker_ = std::make_unique<Worker>([this] { return step(base::now()); });
}

base::Duration ListenerCertificates::step(base::Time now) {
  for (const std::string& file : files_) look_at(file, now);
  return look_every;
}

void ListenerCertificates::look_at(const std::string& file, base::Time now) {
  const auto pem = read_file(file);
  if (!pem) return complain(file, pem.error().reason, now);
  const auto leaf = crypto::find_leaf(*pem);
  if (!leaf) return;  // the operator is just writing it, or it has a form that OpenSSL alone reads
  const std::string shown = base::to_hex(crypto::sha256(*leaf));
  const auto judged = flow::judge_server_certificate(house_, shown, now);
  if (!judged) return complain(file, judged.error().reason, now);
  // The operator tells the server when a certificate of somebody else was exchanged (SIGHUP).
  if (*judged == flow::ServerRenewal::foreign) return;
  take_in_force(file, shown);
  if (*judged == flow::ServerRenewal::forbidden) {
    return complain(file, "its key was revoked as compromised; issue a certificate with a new key", now);
  }
  if (*judged != flow::ServerRenewal::due) return;
  std::string next;
  const auto replaced = replace_file(file, [&]() -> base::Result<std::string> {
    ASSIGN_OR_RETURN(const flow::IssuedCertificate made, flow::renew_server_certificate(house_, *leaf, now));
    next = made.sha256;
    // The root is what others trust; a server does not send it.
    return crypto::replace_certificates(*pem, {made.der, made.chain.front()});
  });
  // Another node that shares the file was faster.
  if (!replaced && replaced.error().code == base::Code::conflict && read_file(file).value_or(*pem) != *pem) return;
  if (!replaced) return complain(file, replaced.error().reason, now);
  base::log(base::Level::info, "the certificate of a listener was renewed", {{"file", file}, {"sha256", next}});
  take_in_force(file, next);
}

void ListenerCertificates::take_in_force(const std::string& file, const std::string& sha256) {
  std::string& known = in_force_[file];
  if (known == sha256) return;
  const bool is_first = known.empty();  // the server has read it at its start
  known = sha256;
  if (is_first) return;
  if (const auto reloaded = reload_(); !reloaded) {
    base::log(base::Level::error, "certificates could not be read again; the old ones stay",
              {{"reason", reloaded.error().reason}});
  }
}

void ListenerCertificates::complain(const std::string& file, const std::string& reason, base::Time now) {
  base::Time& last = complained_at_[file];
  if (last != base::Time() && now - last < complain_every) return;
  last = now;
  base::log(base::Level::warning, "the certificate of a listener could not be renewed",
            {{"file", file}, {"reason", reason}});
}

}  // namespace app
