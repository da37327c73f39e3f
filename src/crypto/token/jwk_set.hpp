// Public keys as others publish them (RFC 7517): the key, and the name that its owner gave it.
// Invariant: a key here verifies signatures and nothing else; private parameters are refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "crypto/key/public_key.hpp"

namespace crypto {

struct Jwk {
  std::string kid;  // as published; the thumbprint if there is none
  PublicKey key;
};

/// One key of ES256 (EC, P-256) or RS256 (RSA of 2048 to 4096 bits), or PS256 if the key has this `alg`. Errors:
/// invalid_input (another kind; `use` is not "sig"; `key_ops` without "verify"; `alg` of another kind; a private or
/// duplicate member; not a point of the curve).
base::Result<Jwk> parse_jwk(std::string_view json);

/// The usable keys of a set; others are ignored (RFC 7517 §5). At most 64.
/// Errors: invalid_input (not a set; a `kid` that occurs twice among the usable keys; more than 64).
base::Result<std::vector<Jwk>> parse_jwk_set(std::string_view json);

}  // namespace crypto
