// One OpenSSL key. Each thread keeps a context for it, because a new context for each signature adds a fifth to the
// cost. For this room only.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/digest/openssl.hpp"
#include "crypto/key/public_key.hpp"

namespace crypto {

struct Pkey {
  Pkey(Algorithm a, ossl::Key k) : algorithm(a), key(std::move(k)) {}

  Algorithm algorithm;
  ossl::Key key;
  std::uint64_t number = ossl::next_key_number();

  /// JWS signature octets of `input`. Errors: internal (no private part).
  [[nodiscard]] base::Result<base::Bytes> sign(base::BytesView input) const;
  [[nodiscard]] bool verify(base::BytesView input, base::BytesView signature) const;
};

/// r‖s → DER Ecdsa-Sig-Value (RFC 3279 §2.2.3) and back. Zero and wrong lengths give an empty string, because a
/// signature needs 1 ≤ r, s < n (OpenSSL checks the upper bound).
base::Bytes to_der(base::BytesView r_s);
base::Bytes from_der(base::BytesView der);

struct PublicKey::Impl {
  Pkey pkey;
  std::string kid;
  std::string jwk;
  /// Reads the public parameters out of the key.
  explicit Impl(Pkey from);
};

}  // namespace crypto
