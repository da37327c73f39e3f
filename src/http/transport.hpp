// One non-blocking socket, plain or under TLS: tries, and says what to wait for. Never raises SIGPIPE on plain sockets
// (TLS writes through OpenSSL; Server::start ignores the signal).
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
  /// Reads below TLS and forgets: what still comes after an early refusal.
  Step discard();
  /// Nothing more will be written; close_notify under TLS.
  void finish();
  /// Octets that have been read from the socket but not been asked for.
  [[nodiscard]] bool has_pending() const;
  /// DER of the client's certificate; "" if it gave none.
  [[nodiscard]] std::string find_client_certificate() const;

 private:
  [[nodiscard]] Step judge(int result) const;

  int socket_ = -1;
  ssl_st* ssl_ = nullptr;
};

}  // namespace http
