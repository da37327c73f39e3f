// PESEL, the number of a person in Poland: date of birth with century, serial, sex, check digit
// (ustawa o ewidencji ludności, art. 15–16; S4.14). Canonical form: 11 digits.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace identity {

enum class Sex : std::uint8_t {
  female,
  male
};

struct Pesel {
  std::string canonical;
  std::chrono::year_month_day born;  // 1800 to 2299, a real date
  Sex sex = Sex::female;
};

/// Errors: invalid_input (not 11 digits, wrong check digit, no such date).
base::Result<Pesel> parse_pesel(std::string_view typed);

/// False if the date of birth is after `today`, or more than 130 years before it.
bool is_plausible(const Pesel& pesel, std::chrono::year_month_day today);

}  // namespace identity
