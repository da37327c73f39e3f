// The public key of an authenticator as a COSE_Key (RFC 9052 §7, RFC 9053 §7, RFC 8230 §4), with exactly the members
// that its algorithm has.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/factor/authenticator_key.hpp"
#include "webauthn/cbor.hpp"

namespace webauthn {

/// Errors: invalid_input (an algorithm of none of ours, other or missing members, not a key).
base::Result<crypto::AuthenticatorKey> read_cose_key(const Cbor& key);
/// The same from its octets, as they are stored.
base::Result<crypto::AuthenticatorKey> parse_cose_key(base::BytesView octets);

}  // namespace webauthn
