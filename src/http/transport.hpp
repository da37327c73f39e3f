// One non-blocking socket, plain or with TLS. Each call does what it can at once and says which event it needs to
// continue. Plain sockets never raise SIGPIPE. OpenSSL's writes can raise it; therefore Server::start ignores the
// signal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

struct ssl_st;

namespace http {

class TlsContext;

class Transport {
 public:
  enum class Outcome : std::uint8_t {
    done,
    want_read,
    want_write,
    end,
    failed
  };
  struct Step {
    Outcome outcome = Outcome::failed;
    std::size_t octets = 0;
  };

  Transport() = default;
  /// Does not own the socket; `tls` null = plain.
  Transport(int socket, const TlsContext* tls);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  [[nodiscard]] bool is_tls() const { return ssl_ != nullptr; }
  Step shake_hands();
  Step read(char* to, std::size_t size);
  Step write(std::string_view octets);
  /// Reads and discards octets below TLS; used after an early refusal.
  Step discard();
  /// Ends the writing direction; with TLS it sends close_notify.
  void finish();
  /// Whether octets have been read from the socket that read() has not given yet.
  [[nodiscard]] bool has_pending() const;
  /// DER of the client's certificate; "" if it gave none.
  [[nodiscard]] std::string find_client_certificate() const;

 private:
  [[nodiscard]] Step judge(int result) const;

  int socket_ = -1;
  ssl_st* ssl_ = nullptr;
};

/// SHA-256 of a certificate in lower-case hexadecimal; "" for "".
std::string fingerprint_of(const std::string& der);

}  // namespace http
