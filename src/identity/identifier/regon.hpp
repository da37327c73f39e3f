// REGON, the number of an enterprise in Poland: 9 digits, or 14 for one of its places (rozporządzenie Rady Ministrów
// z 30 listopada 2015 w sprawie rejestru REGON; S4.14). Canonical form: the digits.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace identity {

/// Errors: invalid_input (neither 9 nor 14 digits, wrong check digit, all zero).
base::Result<std::string> parse_regon(std::string_view typed);

}  // namespace identity
