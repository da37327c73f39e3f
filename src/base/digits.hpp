// Codes of digits that a person types.
#pragma once

#include <cstdint>
#include <string>

namespace base {

/// So many random digits, at most 18, each code as likely as every other.
std::string make_digits(std::int64_t count);

}  // namespace base
