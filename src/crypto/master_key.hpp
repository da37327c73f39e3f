// The master key: 32 octets from a file or the environment, never in the database. Secrets at rest are sealed with
// keys that are derived from it, one for each purpose (HKDF-SHA256, RFC 5869).
// Sealing is AES-256-GCM: version octet ‖ 12-octet random nonce ‖ ciphertext ‖ 16-octet tag; `bound_to` is the
// associated data, so that a sealed value cannot be moved to another row or purpose.
#pragma once

#include <memory>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace crypto {

/// Copies share one key and its derived keys; all functions are thread-safe.
class MasterKey {
 public:
  /// `text`: 64 hexadecimal digits or 43/44 characters of base64(url), white space around is ignored.
  /// Errors: invalid_input (with what is wrong, never the key).
  static base::Result<MasterKey> parse(std::string_view text);
  /// A new random key.
  static MasterKey make();
  /// 64 hexadecimal digits.
  [[nodiscard]] base::Secret to_text() const;

  /// 32-octet key for one purpose ("session", "audit-seal", …); the same purpose always gives the same key.
  [[nodiscard]] base::Secret derive(std::string_view purpose) const;
  /// Seals `plain` for `purpose`.
  [[nodiscard]] base::Bytes seal(std::string_view purpose, base::BytesView plain, base::BytesView bound_to) const;
  /// Errors: invalid_input if the key, the purpose, `bound_to` or any bit of `sealed` differs from the sealing.
  [[nodiscard]] base::Result<base::Secret> open(std::string_view purpose, base::BytesView sealed,
                                                base::BytesView bound_to) const;
  /// HMAC-SHA256 under derive(purpose).
  [[nodiscard]] base::Bytes authenticate(std::string_view purpose, base::BytesView data) const;

 private:
  struct Impl;
  explicit MasterKey(base::Secret key);
  std::shared_ptr<Impl> impl_;
};

}  // namespace crypto
