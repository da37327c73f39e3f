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

  // A master key can be replaced. Sealed values are then sealed anew. One-way values, of which nobody has the plain
  // text, are authenticated once more under the next key ("rewrapped"): they are of no use to whoever has only the key
  // before, and the next key keeps, sealed, what recomputing them needs. A generation is one master key: 0 the present
  // one, 1 the one before it.

  /// The form of a one-way value under this key, made of the one under the key before.
  [[nodiscard]] base::Bytes rewrap(base::BytesView value) const;
  [[nodiscard]] std::size_t generations() const;
  /// authenticate() under the key of a generation; of those before the present only the purposes of one-way values.
  [[nodiscard]] base::Bytes authenticate_in(std::size_t generation, std::string_view purpose,
                                            base::BytesView data) const;
  /// How a value that was made in a generation is stored now.
  [[nodiscard]] base::Bytes stored_form(std::size_t generation, base::Bytes value) const;
  /// What the next key must keep of this one and of those before it.
  [[nodiscard]] base::Secret former_keys() const;
  /// Takes what former_keys() gave; before other threads use this object. Errors: invalid_input (no such value).
  [[nodiscard]] base::Result<void> take_former_keys(const base::Secret& kept) const;

 private:
  struct Impl;
  explicit MasterKey(base::Secret key);
  std::shared_ptr<Impl> impl_;
};

}  // namespace crypto
