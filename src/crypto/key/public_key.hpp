// A key that verifies signatures with one algorithm. Its kid is its JWK thumbprint (RFC 7638), so that every node gives
// the same name to the same key.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace crypto {

enum class Algorithm : std::uint8_t {
  es256,
  rs256,
  ps256,  // of others' keys alone; nothing here signs with it
};
/// Those that we sign with.
inline constexpr std::array all_algorithms{Algorithm::es256, Algorithm::rs256};
/// "ES256", "RS256", "PS256".
std::string_view name_of(Algorithm algorithm);
/// One that we sign with. Errors: invalid_input.
base::Result<Algorithm> parse_algorithm(std::string_view name);

class PublicKey {
 public:
  /// ES256 from the coordinates, 32 octets each. Errors: invalid_input (not a point of P-256).
  static base::Result<PublicKey> from_point(base::BytesView x, base::BytesView y);
  /// RS256 or PS256 from modulus and exponent, big-endian without leading zeros. Errors: invalid_input (modulus not of
  /// 2048 to 4096 bits; exponent even, below 3 or above 32 bits).
  static base::Result<PublicKey> from_modulus(base::BytesView n, base::BytesView e,
                                              Algorithm algorithm = Algorithm::rs256);

  [[nodiscard]] Algorithm algorithm() const;
  /// JWK thumbprint, base64url SHA-256 (RFC 7638).
  [[nodiscard]] const std::string& kid() const;
  /// JSON object text with kty, use, alg, kid and the parameters (RFC 7517, RFC 7518 §6).
  [[nodiscard]] const std::string& jwk() const;
  /// `signature` as in RFC 7518: r‖s of 64 octets (§3.4), or RSASSA-PKCS1-v1_5 (§3.3) or RSASSA-PSS (§3.5) of the
  /// modulus' length.
  /// Thread-safe.
  [[nodiscard]] bool verify(base::BytesView input, base::BytesView signature) const;

 private:
  friend class SigningKey;
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

}  // namespace crypto
