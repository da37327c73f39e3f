// Keys that sign tokens. Each key has one algorithm, and `none` and HMAC are not among them (RFC 7518 §3.1, RFC 8725
// §3.1). Keys are parsed once and kept, because parsing costs 0.7 ms and a signature 26 µs.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/key/public_key.hpp"

namespace crypto {

class SigningKey {
 public:
  /// P-256 or RSA-3072.
  static base::Result<SigningKey> generate(Algorithm algorithm);
  /// PKCS#8 DER. Errors: invalid_input (unreadable, octets behind it, or not of that algorithm: P-256, RSA-3072 or
  /// -2048).
  static base::Result<SigningKey> from_pkcs8(Algorithm algorithm, const base::Secret& der);
  [[nodiscard]] base::Result<base::Secret> to_pkcs8() const;

  [[nodiscard]] Algorithm algorithm() const { return public_key_.algorithm(); }
  /// JWK thumbprint, base64url SHA-256 (RFC 7638).
  [[nodiscard]] const std::string& kid() const { return public_key_.kid(); }
  /// Public JWK as JSON object text with kty, use, alg, kid and the parameters (RFC 7517, RFC 7518 §6).
  [[nodiscard]] const std::string& public_jwk() const { return public_key_.jwk(); }
  /// The public part.
  [[nodiscard]] const PublicKey& public_key() const { return public_key_; }
  /// JWS signature octets: r‖s of 64 octets for ES256, 384 octets for RS256 (256 with an RSA-2048 key) (RFC 7518 §3.3,
  /// §3.4). Thread-safe.
  [[nodiscard]] base::Result<base::Bytes> sign(base::BytesView input) const;
  [[nodiscard]] bool verify(base::BytesView input, base::BytesView signature) const {
    return public_key_.verify(input, signature);
  }

 private:
  // OpenSSL keeps a key pair in one object, so the private part is inside too; PublicKey has no function that uses it.
  explicit SigningKey(PublicKey pair) : public_key_(std::move(pair)) {}
  PublicKey public_key_;
};

}  // namespace crypto
