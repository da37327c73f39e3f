#include "identity/identifier/pwz.hpp"

#include <array>

#include "identity/spelling/check_digits.hpp"

namespace identity {

base::Result<std::string> parse_pwz(std::string_view typed, HealthProfession profession) {
  constexpr std::array<int, 7> weights{0, 1, 2, 3, 4, 5, 6};
  std::optional<std::string> number = find_letters_and_digits(typed);
  if (profession == HealthProfession::other) {
    if (!number || number->size() < 5 || number->size() > 10 ||
        number->find_first_of("0123456789") == std::string::npos || is_all_zero(*number)) {
      return base::fail(base::Code::invalid_input, "not a number of the right to practise");
    }
    return *number;
  }
  // The register does not issue numbers whose check digit would be 0 or 10.
  if (!number || number->size() != 7 || number->find_first_not_of("0123456789") != std::string::npos ||
      number->front() == '0') {
    return base::fail(base::Code::invalid_input, "a physician's PWZ has 7 digits, the first not 0");
  }
  if (weighted_sum(*number, weights) % 11 != number->front() - '0') {
    return base::fail(base::Code::invalid_input, "wrong check digit of a PWZ");
  }
  return *number;
}

}  // namespace identity
