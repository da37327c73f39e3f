// Settings of a TLS listener: TLS 1.2 and 1.3, forward secrecy and AEAD only, no renegotiation, no compression, one
// ticket. Sources: RFC 8446, RFC 9325, BSI TR-02102-2.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "http/server.hpp"

struct ssl_ctx_st;

namespace http {

class TlsContext {
 public:
  /// Errors: invalid_input (a file cannot be read, key and certificate do not belong together; says which).
  static base::Result<std::shared_ptr<const TlsContext>> make(const Listener& listener);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  [[nodiscard]] ssl_ctx_st* get() const { return context_; }
  /// Whether the certificate names the host: a DNS name, also by a wildcard (RFC 9525 §6), or an IP address without
  /// brackets.
  [[nodiscard]] bool names(const std::string& host) const;

 private:
  explicit TlsContext(const Listener& listener);
  const Listener listener_;  // OpenSSL calls back with it
  ssl_ctx_st* context_;
};

}  // namespace http
