// What is signed or was signed, apart from the signature: octets in memory, a file that is read in pieces, or only its
// digest. A document of 100 MiB is never held in memory.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace signature {

class Content {
 public:
  Content() = default;
  Content(const Content&) = delete;
  Content& operator=(const Content&) = delete;
  virtual ~Content() = default;

  /// Errors: not_found (only another digest is known), unavailable (the file cannot be read).
  [[nodiscard]] virtual base::Result<base::Bytes> digest(crypto::DigestKind kind) const = 0;
  /// All octets. Errors: not_found (only a digest is known), too_many (larger than what is held in memory, 16 MiB by
  /// default), unavailable.
  [[nodiscard]] virtual base::Result<base::Bytes> octets() const = 0;
  /// As the person named it; "" = not known. Never a path.
  [[nodiscard]] virtual const std::string& name() const = 0;
};

}  // namespace signature
