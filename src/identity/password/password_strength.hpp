// How many guesses a password would cost an attacker who knows its owner, by zxcvbn (USENIX Security 2016).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace identity {

/// log2 of the guesses. `known` are words that an attacker would try first (login, names, name of the service).
/// Only the first 64 octets are looked at, so the work is bounded; more can only make a password stronger.
double estimate_strength(std::string_view password, const std::vector<std::string>& known);

/// zxcvbn's scores: 0 under 10^3 guesses, 1 under 10^6, 2 under 10^8, 3 under 10^10, else 4.
std::int64_t score_of(double bits);

}  // namespace identity
