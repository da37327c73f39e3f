// The two forms of an ECDSA value: DER (RFC 3279 §2.2.3) and r‖s, each number as long as the order of the curve
// (RFC 4050, PKCS#11 v3.0 §2.3.1). DSA has the same two. Each value has one encoding in each form, so that a signature
// cannot be altered without a change of what it says.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace crypto {

/// r‖s → DER. Errors: invalid_input (odd or empty, longer than two numbers of 66 octets, r or s is zero).
base::Result<base::Bytes> encode_ecdsa_value(base::BytesView raw);
/// DER → r‖s with numbers of `order_size` octets. Errors: invalid_input (not DER, octets behind it, a number that is
/// zero, negative, or longer).
base::Result<base::Bytes> decode_ecdsa_value(base::BytesView der, std::size_t order_size);

/// Octets of the order of an ECDSA or DSA key. 0: the key is of another sort, or cannot be read.
/// `spki`: SubjectPublicKeyInfo, DER.
std::size_t size_of_order(base::BytesView spki);

}  // namespace crypto
