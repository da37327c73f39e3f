#include "identity/identifier/id_card.hpp"

#include <array>

#include "identity/spelling/check_digits.hpp"

namespace identity {

base::Result<std::string> parse_id_card(std::string_view typed) {
  // The fourth place is the check digit itself.
  constexpr std::array<int, 9> weights{7, 3, 1, 0, 7, 3, 1, 7, 3};
  constexpr std::string_view digits = "0123456789";
  std::optional<std::string> number = find_letters_and_digits(typed);
  if (!number || number->size() != 9 || number->find_first_of(digits) != 3 ||
      number->find_first_not_of(digits, 3) != std::string::npos) {
    return base::fail(base::Code::invalid_input, "an identity card has three letters and six digits");
  }
  if (weighted_sum(*number, weights) % 10 != number->at(3) - '0') {
    return base::fail(base::Code::invalid_input, "wrong check digit of an identity card");
  }
  return *number;
}

}  // namespace identity
