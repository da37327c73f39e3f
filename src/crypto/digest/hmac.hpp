// HMAC (RFC 2104) with a fixed key, whose context each thread keeps, because that halves the cost; and HKDF (RFC 5869).
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/secret.hpp"
#include "crypto/digest/digest.hpp"

namespace crypto {

class HmacKey {
 public:
  explicit HmacKey(base::Secret key);
  /// 32 octets. Thread-safe.
  [[nodiscard]] base::Bytes authenticate(base::BytesView data) const;
  [[nodiscard]] const base::Secret& key() const { return key_; }

 private:
  base::Secret key_;
  std::uint64_t number_;
};

/// HKDF-SHA256, extract and expand; `size` in octets, at most 8160.
base::Secret hkdf_sha256(const base::Secret& material, base::BytesView salt, base::BytesView info, std::size_t size);

}  // namespace crypto
