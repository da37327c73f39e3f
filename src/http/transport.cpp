#include "http/transport.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <new>

#include "base/bytes.hpp"
#include "http/tls.hpp"

namespace http {
namespace {

using Outcome = Transport::Outcome;

Outcome outcome_of_errno(Outcome would_block) {
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return would_block;
  return Outcome::failed;
}

int to_int(std::size_t size) {
  return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}

}  // namespace

Transport::Transport(int socket, const TlsContext* tls) : socket_(socket) {
  if (tls == nullptr) return;
  ssl_ = SSL_new(tls->get());
  if (ssl_ == nullptr || SSL_set_fd(ssl_, socket) != 1) {
    SSL_free(ssl_);
    throw std::bad_alloc();
  }
  SSL_set_accept_state(ssl_);
}

Transport::~Transport() {
  SSL_free(ssl_);
}

Transport::Step Transport::judge(int result) const {
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ: return {Outcome::want_read, 0};
    case SSL_ERROR_WANT_WRITE: return {Outcome::want_write, 0};
    case SSL_ERROR_ZERO_RETURN: return {Outcome::end, 0};
    default: break;
  }
  ERR_clear_error();
  return {Outcome::failed, 0};
}

Transport::Step Transport::shake_hands() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_);
  return result == 1 ? Step{Outcome::done, 0} : judge(result);
}

Transport::Step Transport::read(char* to, std::size_t size) {
  if (ssl_ != nullptr) {
    ERR_clear_error();
    const int n = SSL_read(ssl_, to, to_int(size));
    return n > 0 ? Step{Outcome::done, static_cast<std::size_t>(n)} : judge(n);
  }
  const ssize_t n = ::recv(socket_, to, size, 0);
  if (n > 0) return {Outcome::done, static_cast<std::size_t>(n)};
  if (n == 0) return {Outcome::end, 0};
  return {outcome_of_errno(Outcome::want_read), 0};
}

Transport::Step Transport::write(std::string_view octets) {
  if (ssl_ != nullptr) {
    ERR_clear_error();
    const int n = SSL_write(ssl_, octets.data(), to_int(octets.size()));
    return n > 0 ? Step{Outcome::done, static_cast<std::size_t>(n)} : judge(n);
  }
  const ssize_t n = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
  if (n >= 0) return {Outcome::done, static_cast<std::size_t>(n)};
  return {outcome_of_errno(Outcome::want_write), 0};
}

Transport::Step Transport::discard() {
  static thread_local std::array<char, 16 * 1024> waste;
  const ssize_t n = ::recv(socket_, waste.data(), waste.size(), 0);
  if (n > 0) return {Outcome::done, static_cast<std::size_t>(n)};
  if (n == 0) return {Outcome::end, 0};
  return {outcome_of_errno(Outcome::want_read), 0};
}

void Transport::finish() {
  if (ssl_ != nullptr) {
    ERR_clear_error();
    SSL_shutdown(ssl_);
    ERR_clear_error();
  }
  ::shutdown(socket_, SHUT_WR);
}

bool Transport::has_pending() const {
  return ssl_ != nullptr && SSL_pending(ssl_) > 0;
}

std::string Transport::find_client_certificate() const {
  if (ssl_ == nullptr) return {};
  const X509* const certificate = SSL_get0_peer_certificate(ssl_);
  if (certificate == nullptr) return {};
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  if (size <= 0) return {};
  std::string text(der, der + size);
  OPENSSL_free(der);
  return text;
}

std::string fingerprint_of(const std::string& der) {
  if (der.empty()) return {};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(der.data(), der.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
  return base::to_hex(std::string(digest.data(), digest.data() + size));
}

}  // namespace http
