// SHA-256 and HMAC-SHA256 over thread-local OpenSSL contexts (fetched once; see FIPS 180-4, RFC 2104).
#pragma once

#include "base/bytes.hpp"
#include "base/secret.hpp"

namespace crypto {

/// 32 octets.
base::Bytes sha256(base::BytesView data);
/// 20 octets. Only for foreign formats that use SHA-1 as an identifier, never for security, because SHA-1 has
/// collisions.
base::Bytes sha1(base::BytesView data);
/// 32 octets.
base::Bytes hmac_sha256(const base::Secret& key, base::BytesView data);

}  // namespace crypto
