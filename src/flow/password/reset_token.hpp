// The secret of a reset link: 20 octets, written as 32 characters of Crockford's base 32, so that it can be typed.
// Case, hyphens and spaces do not matter, and characters that look alike (o 0, i l 1) are the same.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace flow {

inline constexpr std::size_t reset_token_octets = 20;

/// 32 lower-case characters of the first 20 octets.
std::string print_reset_token(base::BytesView octets);
/// 20 octets. Errors: invalid_input.
base::Result<base::Bytes> parse_reset_token(std::string_view typed);

}  // namespace flow
