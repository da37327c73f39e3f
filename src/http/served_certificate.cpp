#include "http/served_certificate.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

#include "base/ip_address.hpp"

namespace http {
namespace {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

}  // namespace

base::Result<base::Bytes> find_served_certificate(int socket, const std::string& host) {
  const std::unique_ptr<SSL_CTX, Free> context(SSL_CTX_new(TLS_client_method()));
  const std::unique_ptr<SSL, Free> ssl(context ? SSL_new(context.get()) : nullptr);
  if (!ssl || SSL_set_fd(ssl.get(), socket) != 1) {
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

}  // namespace http
