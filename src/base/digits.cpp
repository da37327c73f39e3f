#include "base/digits.hpp"

#include <limits>

#include "base/bytes.hpp"

namespace base {

std::string make_digits(std::int64_t count) {
  std::uint64_t range = 1;
  for (std::int64_t i = 0; i < count; ++i) range *= 10;
  // A draw that would favour the small numbers is thrown away.
  const std::uint64_t fair = std::numeric_limits<std::uint64_t>::max() / range * range;
  std::uint64_t number = 0;
  do {
    number = 0;
    for (const char c : random_bytes(8)) number = number << 8 | static_cast<unsigned char>(c);
  } while (number >= fair);
  std::string text = std::to_string(number % range);
  return std::string(static_cast<std::size_t>(count) - text.size(), '0') + text;
}

}  // namespace base
