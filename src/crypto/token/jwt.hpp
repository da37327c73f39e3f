// JWS compact serialisation (RFC 7515 §7.1) for our own tokens and those of others. Verification takes the key by `kid`
// from a list that the caller holds and demands that `alg` is the key's own and `typ` the expected one; headers `jwk`,
// `jku`, `x5u`, `x5c` and `crit` are refused, duplicate members too (RFC 8725 §3.1, §3.11).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/key/signing_key.hpp"
#include "crypto/token/jwk_set.hpp"

namespace crypto {

/// header.payload.signature with header {"alg","kid","typ"}. `claims` is a JSON object text.
base::Result<std::string> sign_jwt(const SigningKey& key, std::string_view type, std::string_view claims);

/// The payload text (a JSON object without duplicate members, depth ≤ 32) of a token signed by one of `keys`. `type` is
/// compared without case and without "application/"; "JWT" also accepts an absent typ. Times, issuer and audience are
/// the caller's to check. Errors: invalid_input.
base::Result<std::string> verify_jwt(std::span<const SigningKey> keys, std::string_view type, std::string_view token);
/// The same with keys that another party published, found by their published `kid`. A token without `kid` is verified
/// with the only key that has its algorithm; it is refused if there are several (OpenID Connect Core §10.1).
base::Result<std::string> verify_foreign_jwt(std::span<const Jwk> keys, std::string_view type, std::string_view token);

}  // namespace crypto
