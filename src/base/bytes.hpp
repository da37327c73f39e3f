// Octet strings and their text forms. `Bytes` holds octets, never text that a person reads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace base {

using Bytes = std::string;
using BytesView = std::string_view;

/// base64url without padding (RFC 4648 §5).
std::string to_base64url(BytesView bytes);
/// Strict: no padding, no white space, no non-zero trailing bits. Errors: invalid_input.
Result<Bytes> parse_base64url(std::string_view text);

/// base64 with padding (RFC 4648 §4).
std::string to_base64(BytesView bytes);
/// Strict: canonical padding, no white space, no non-zero trailing bits. Errors: invalid_input.
Result<Bytes> parse_base64(std::string_view text);

/// Lower-case hexadecimal.
std::string to_hex(BytesView bytes);
/// Accepts both cases. Errors: invalid_input.
Result<Bytes> parse_hex(std::string_view text);

/// Percent-encodes everything but RFC 3986 §2.3 unreserved characters.
std::string percent_encode(std::string_view text);
/// Decodes %XX; with `plus_is_space` also '+'. Errors: invalid_input on a broken escape.
Result<std::string> percent_decode(std::string_view text, bool plus_is_space);

/// Well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF).
bool is_utf8(std::string_view text);
/// Code points of well-formed UTF-8; of anything else the number of non-continuation octets.
std::size_t count_code_points(std::string_view text);

/// The texts with `separator` between them.
std::string join(const std::vector<std::string>& texts, std::string_view separator);

/// The time of the comparison does not depend on where the difference is. Lengths are not secret.
bool equal_in_constant_time(BytesView a, BytesView b);

/// `n` octets of the operating system's random generator (getrandom(2)); throws if the system has none.
Bytes random_bytes(std::size_t n);

}  // namespace base
