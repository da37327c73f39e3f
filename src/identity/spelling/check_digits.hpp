// Weighted sums over digits, the mechanism of most numbers that a register gives out, and how such numbers are typed.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace identity {

/// The digits of a typed number, blanks and dashes between them dropped, digits of any script taken; nothing if
/// anything else is in it, or if it has more than 32 code points.
std::optional<std::string> find_digits(std::string_view typed);

/// Capital letters and digits of a typed document number, blanks and dashes dropped; nothing as above.
std::optional<std::string> find_letters_and_digits(std::string_view typed);

/// Σ weight · value; digits count as themselves, 'A' as 10 … 'Z' as 35 (ICAO 9303-3 §4.9). Of the shorter length.
int weighted_sum(std::string_view symbols, std::span<const int> weights);

bool is_all_zero(std::string_view digits);

}  // namespace identity
