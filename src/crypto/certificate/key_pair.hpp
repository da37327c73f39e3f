// Key pairs of certificates. A pair is parsed once and kept, because parsing costs 0.7 ms and a signature by ECC 26 µs.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace crypto {

/// BSI TR-02102-1 §3: each has at least 112 bits of security.
enum class KeyKind : std::uint8_t {
  ec_p256,
  rsa_2048,
  rsa_3072,
  brainpool_p256,
};
inline constexpr std::array all_key_kinds{KeyKind::ec_p256, KeyKind::rsa_2048, KeyKind::rsa_3072,
                                          KeyKind::brainpool_p256};
/// "ec-p256", "rsa-2048", "rsa-3072", "brainpool-p256r1".
std::string_view name_of(KeyKind kind);
/// Errors: invalid_input.
base::Result<KeyKind> parse_key_kind(std::string_view name);

/// Copies share one key; all functions are thread-safe.
class KeyPair {
 public:
  /// RSA takes up to a second: not inside a transaction.
  static base::Result<KeyPair> generate(KeyKind kind);
  /// PKCS#8 DER. Errors: invalid_input (unreadable, octets behind it, of none of the kinds).
  static base::Result<KeyPair> from_pkcs8(const base::Secret& der);
  /// The value over octets by SHA-256: ECDSA in DER, or RSASSA-PKCS1-v1_5.
  using Signer = std::function<base::Result<base::Bytes>(base::BytesView)>;
  /// A pair whose private part stays where it is, on a token. What is signed by it can fail as `sign` does. Errors:
  /// invalid_input (unreadable, of none of the kinds).
  static base::Result<KeyPair> held_elsewhere(base::BytesView spki, Signer sign);
  [[nodiscard]] bool is_held_elsewhere() const;
  /// PKCS#8 DER, not encrypted. Errors: conflict (it is held elsewhere).
  [[nodiscard]] base::Result<base::Secret> to_pkcs8() const;
  /// The same as PEM ("PRIVATE KEY").
  [[nodiscard]] base::Result<base::Secret> to_pem() const;
  [[nodiscard]] KeyKind kind() const;
  /// SubjectPublicKeyInfo, DER (RFC 5280 §4.1.2.7).
  [[nodiscard]] const base::Bytes& public_key() const;

  struct Impl;  // for this room only
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  explicit KeyPair(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

/// What a key is in words, and whether it is strong enough to be certified: RSA from 2048 to 8192 bits with a sane
/// exponent, ECC on a named curve of at least 256 bits, Ed25519, Ed448.
struct KeyFacts {
  std::string algorithm;  // "RSA 2048", "ECC P-256", "ECC brainpoolP256r1"; "?" = another sort of key
  bool is_weak = true;
};
/// `spki`: SubjectPublicKeyInfo, DER. Errors: invalid_input.
base::Result<KeyFacts> judge_key(base::BytesView spki);

}  // namespace crypto
