#include "identity/identifier/passport.hpp"

#include <array>

#include "identity/spelling/check_digits.hpp"

namespace identity {
namespace {

bool is_polish(const std::string& number) {
  constexpr std::array<int, 9> weights{7, 3, 0, 1, 7, 3, 1, 7, 3};
  constexpr std::string_view digits = "0123456789";
  return number.size() == 9 && number.find_first_of(digits) == 2 &&
         number.find_first_not_of(digits, 2) == std::string::npos &&
         weighted_sum(number, weights) % 10 == number.at(2) - '0';
}

}  // namespace

base::Result<std::string> parse_passport(std::string_view typed, std::string_view country) {
  std::optional<std::string> number = find_letters_and_digits(typed);
  if (!number || number->size() < 5 || number->size() > 20 ||
      number->find_first_of("0123456789") == std::string::npos || is_all_zero(*number)) {
    return base::fail(base::Code::invalid_input, "not the number of a passport");
  }
  if (country == "PL" && !is_polish(*number)) {
    return base::fail(base::Code::invalid_input, "not the number of a Polish passport");
  }
  return *number;
}

}  // namespace identity
