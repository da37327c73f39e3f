// NIP, the tax number in Poland (ustawa o zasadach ewidencji i identyfikacji podatników; S4.14). Canonical form: 10
// digits. Accepted also with dashes, blanks and the prefix PL of VAT forms.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace identity {

/// Errors: invalid_input (not 10 digits, wrong check digit, all zero).
base::Result<std::string> parse_nip(std::string_view typed);

/// "526-104-08-28", as a company writes it.
std::string format_nip(std::string_view canonical);

}  // namespace identity
