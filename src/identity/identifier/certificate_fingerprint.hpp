// The SHA-256 of a certificate's DER octets as an identifier (S4.14). Canonical form: 64 lower-case hexadecimal digits.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace identity {

/// Accepts what programs print: upper or lower case, with or without colons or blanks. Errors: invalid_input.
base::Result<std::string> parse_certificate_fingerprint(std::string_view typed);

}  // namespace identity
