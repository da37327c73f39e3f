// Weighted sums over digits, with which most registers protect their numbers, and how people type such numbers.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace identity {

/// The digits of a typed number, in ASCII: digits of any script are accepted, blanks and dashes are dropped. nullopt if
/// it has anything else or more than 32 code points.
std::optional<std::string> find_digits(std::string_view typed);

/// Capital letters and digits of a typed document number, blanks and dashes dropped; nullopt as for find_digits().
std::optional<std::string> find_letters_and_digits(std::string_view typed);

/// Σ weight · value; digits count as themselves, 'A' as 10 … 'Z' as 35 (ICAO 9303-3 §4.9). If the lengths differ, the
/// rest of the longer one is ignored.
int weighted_sum(std::string_view symbols, std::span<const int> weights);

bool is_all_zero(std::string_view digits);

}  // namespace identity
