// base32 (RFC 4648 §6) without padding: the form in which an authenticator app takes a secret that is typed by hand.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace base {

/// Upper-case letters and the digits 2 to 7.
std::string to_base32(BytesView bytes);
/// Accepts both cases; no padding, no blanks, no non-zero trailing bits. Errors: invalid_input.
Result<Bytes> parse_base32(std::string_view text);

}  // namespace base
