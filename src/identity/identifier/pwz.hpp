// PWZ, the number of the right to practise a health profession in Poland. Physicians and dentists: 7 digits, the first
// a check digit (nil.org.pl, Centralny Rejestr Lekarzy); other professions have other shapes without a known check.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace identity {

enum class HealthProfession : std::uint8_t {
  physician,
  other
};

/// The canonical form: "5425740"; for other professions 5 to 10 capitals and digits, such as "1234567P". Errors:
/// invalid_input (another shape, wrong check digit).
base::Result<std::string> parse_pwz(std::string_view typed, HealthProfession profession = HealthProfession::physician);

}  // namespace identity
