// A client that sends exactly the octets that it is given, plain or over TLS, and a server with a small router.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace test {

struct Folder {
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "chancery-http-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string operator/(const char* name) const { return (path / name).string(); }
  std::filesystem::path path;
};

/// A self-signed certificate with a fresh P-256 key, as PEM files.
inline void make_certificate(const std::string& name, const std::string& certificate_file,
                             const std::string& key_file) {
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate.get(), subject);
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  FILE* file = std::fopen(certificate_file.c_str(), "w");
  PEM_write_X509(file, certificate.get());
  std::fclose(file);
  file = std::fopen(key_file.c_str(), "w");
  PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
}

/// While it exists, the process can open no further file or socket.
class NoDescriptors {
 public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &old_);
    const int lowest = ::dup(0);
    ::close(lowest);
    rlimit none = old_;
    none.rlim_cur = static_cast<rlim_t>(lowest);
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoDescriptors() { end(); }
  void end() const { ::setrlimit(RLIMIT_NOFILE, &old_); }

 private:
  rlimit old_{};
};

struct Answer {
  int status = 0;  // 0 = the connection ended without a response
  std::string head;
  std::string body;
  [[nodiscard]] bool has(std::string_view line) const { return head.find(line) != std::string::npos; }
};

class Client {
 public:
  explicit Client(std::uint16_t port) : Client() { connect_to(port); }
  explicit Client(const std::string& path) {
    socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    path.copy(to.sun_path, sizeof to.sun_path - 1);
    open(reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  static Client unconnected() { return Client(); }
  Client& connect_to(std::uint16_t port) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    open(reinterpret_cast<const sockaddr*>(&to), sizeof to);
    return *this;
  }
  Client& operator=(Client&& other) noexcept {
    std::swap(socket_, other.socket_);
    std::swap(ssl_, other.ssl_);
    std::swap(context_, other.context_);
    std::swap(connected_, other.connected_);
    std::swap(rest_, other.rest_);
    return *this;
  }
  Client(Client&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)),
        ssl_(std::exchange(other.ssl_, nullptr)),
        context_(std::exchange(other.context_, nullptr)),
        connected_(other.connected_),
        rest_(std::move(other.rest_)) {}
  ~Client() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
    if (socket_ >= 0) ::close(socket_);
  }

  /// The host that start_tls names (SNI); "" = none.
  void name_host(const std::string& host) { host_ = host; }
  /// Verifies no certificate chain. `version` is for example TLS1_2_VERSION. False if the handshake fails.
  bool start_tls(int version = 0, const std::string& certificate = "", const std::string& key = "") {
    context_ = SSL_CTX_new(TLS_client_method());
    if (version != 0) {
      SSL_CTX_set_min_proto_version(context_, version);
      SSL_CTX_set_max_proto_version(context_, version);
      SSL_CTX_set_security_level(context_, 0);
    }
    if (!certificate.empty()) {
      SSL_CTX_use_certificate_chain_file(context_, certificate.c_str());
      SSL_CTX_use_PrivateKey_file(context_, key.c_str(), SSL_FILETYPE_PEM);
    }
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, socket_);
    if (!host_.empty()) SSL_ctrl(ssl_, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host_.data());
    return SSL_connect(ssl_) == 1;
  }
  [[nodiscard]] std::string server_name() const {
    std::array<char, 256> name{};
    X509* certificate = SSL_get1_peer_certificate(ssl_);
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(), 256);
    X509_free(certificate);
    return name.data();
  }
  [[nodiscard]] bool connected() const { return connected_; }

  Client& send(std::string_view octets) {
    while (!octets.empty()) {
      const ssize_t n = ssl_ != nullptr ? SSL_write(ssl_, octets.data(), static_cast<int>(octets.size()))
                                        : ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
      if (n <= 0) break;
      octets.remove_prefix(static_cast<std::size_t>(n));
    }
    return *this;
  }
  Client& get(const std::string& path) { return send("GET " + path + " HTTP/1.1\r\nHost: a.example\r\n\r\n"); }
  void end() { ::shutdown(socket_, SHUT_WR); }

  /// The next response. `head` = no body follows.
  Answer read(bool head = false) {
    Answer answer;
    std::size_t end = 0;
    while ((end = rest_.find("\r\n\r\n")) == std::string::npos) {
      if (!fill()) return answer;
    }
    answer.head = rest_.substr(0, end + 2);
    rest_.erase(0, end + 4);
    answer.status = std::atoi(answer.head.c_str() + 9);
    const std::size_t at = answer.head.find("\r\nContent-Length: ");
    const std::size_t size =
        at == std::string::npos || head ? 0 : std::strtoul(answer.head.c_str() + at + 18, nullptr, 10);
    while (rest_.size() < size) {
      if (!fill()) break;
    }
    answer.body = rest_.substr(0, size);
    rest_.erase(0, size);
    return answer;
  }
  /// Reads until the server closes; false if it never does.
  bool read_to_end(std::string* all = nullptr) {
    while (fill()) {
    }
    if (all != nullptr) *all = rest_;
    return ended_;
  }

 private:
  Client() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  void open(const sockaddr* to, socklen_t size) {
    const timeval patience{300, 0};  // ends a test that hangs
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    connected_ = ::connect(socket_, to, size) == 0;
  }
  bool fill() {
    std::array<char, 16384> some{};
    const ssize_t n = ssl_ != nullptr ? SSL_read(ssl_, some.data(), static_cast<int>(some.size()))
                                      : ::recv(socket_, some.data(), some.size(), 0);
    if (n > 0) {
      rest_.append(some.data(), static_cast<std::size_t>(n));
      return true;
    }
    ended_ = n == 0 || ssl_ != nullptr || (errno != EAGAIN && errno != EWOULDBLOCK);
    return false;
  }

  int socket_ = -1;
  SSL* ssl_ = nullptr;
  SSL_CTX* context_ = nullptr;
  bool connected_ = false;
  bool ended_ = false;
  std::string rest_;
  std::string host_;
};

}  // namespace test
