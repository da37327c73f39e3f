#include "http/served_certificate.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

#include "base/ip_address.hpp"

namespace http {
namespace {

constexpr timeval patience{2, 0};

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

class Socket {
 public:
  explicit Socket(int family) : handle_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    (void)::setsockopt(handle_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    (void)::setsockopt(handle_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  }
  ~Socket() {
    if (handle_ >= 0) ::close(handle_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int handle() const { return handle_; }

 private:
  int handle_;
};

base::Result<base::Bytes> read_certificate(const Socket& socket, const sockaddr& place, socklen_t size,
                                           const std::string& host) {
  if (::connect(socket.handle(), &place, size) != 0) {
    return base::fail(base::Code::unavailable, "the listener cannot be reached");
  }
  const std::unique_ptr<SSL_CTX, Free> context(SSL_CTX_new(TLS_client_method()));
  const std::unique_ptr<SSL, Free> ssl(context ? SSL_new(context.get()) : nullptr);
  if (!ssl || SSL_set_fd(ssl.get(), socket.handle()) != 1) {
    return base::fail(base::Code::unavailable, "OpenSSL does not start");
  }
  if (!host.empty() && !base::IpAddress::parse(host)) {
    // The macro SSL_set_tlsext_host_name has an old cast.
    (void)SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str()));
  }
  // A listener that demands a certificate ends the handshake after it has shown its own.
  (void)SSL_connect(ssl.get());
  const std::unique_ptr<X509, Free> shown(SSL_get1_peer_certificate(ssl.get()));
  const int octets = shown ? i2d_X509(shown.get(), nullptr) : 0;
  if (octets <= 0) return base::fail(base::Code::unavailable, "the listener shows no certificate");
  base::Bytes der(static_cast<std::size_t>(octets), 0);
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  (void)i2d_X509(shown.get(), &at);
  return der;
}

}  // namespace

base::Result<base::Bytes> find_served_certificate(const std::string& address, std::uint16_t port,
                                                  const std::string& host) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  if (::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
    return read_certificate(Socket(AF_INET), reinterpret_cast<const sockaddr&>(v4), sizeof(v4), host);
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  if (::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
    return read_certificate(Socket(AF_INET6), reinterpret_cast<const sockaddr&>(v6), sizeof(v6), host);
  }
  return base::fail(base::Code::invalid_input, address + " is no IP address");
}

}  // namespace http
