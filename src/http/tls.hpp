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

 private:
  TlsContext();
  ssl_ctx_st* context_;
};

}  // namespace http
