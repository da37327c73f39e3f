// MD5 (RFC 1321), only where a foreign format asks for it and something else protects, because it has collisions.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace crypto {

/// 16 octets. Errors: unavailable (the library has no MD5, as in FIPS mode).
base::Result<base::Bytes> md5(base::BytesView data);

}  // namespace crypto
