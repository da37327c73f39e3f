// Passport numbers (S4.14). Canonical form: capitals and digits. The inner check digit is known only for Polish
// passports (two letters, check digit, six digits). For others the only rule is that of ICAO 9303-3 §4.2: letters and
// digits.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace identity {

/// `country` is ISO 3166-1 alpha-2 in capitals, or "" if it is not known; "PL" asks for shape and check digit.
/// Errors: invalid_input (not 5 to 20 letters and digits, no digit among them, wrong check digit).
base::Result<std::string> parse_passport(std::string_view typed, std::string_view country = {});

}  // namespace identity
