// Values of signatures as programs of others write them into XML: numbers of ECDSA and DSA without their leading zeros,
// with more of them, or as DER. What this program makes and stores has one form only (ecdsa_value.hpp).
#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace crypto {

/// Whether `value` is a signature over `octets` by the key, in whatever of these forms. Another form of a value makes
/// no other text right. nullopt: the key cannot be read, or is of another sort than the scheme.
std::optional<bool> verify_foreign_value(base::BytesView spki, SignatureAlgorithm algorithm, base::BytesView octets,
                                         base::BytesView value);

}  // namespace crypto
