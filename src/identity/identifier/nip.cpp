#include "identity/identifier/nip.hpp"

#include <array>

#include "identity/spelling/check_digits.hpp"

namespace identity {

base::Result<std::string> parse_nip(std::string_view typed) {
  constexpr std::array<int, 9> weights{6, 5, 7, 2, 3, 4, 5, 6, 7};
  std::optional<std::string> digits = find_letters_and_digits(typed);
  if (digits && digits->starts_with("PL")) digits->erase(0, 2);
  if (!digits || digits->size() != 10 || digits->find_first_not_of("0123456789") != std::string::npos) {
    return base::fail(base::Code::invalid_input, "a NIP has 10 digits");
  }
  // 0000000000 passes the sum, but it is a dummy value.
  if (is_all_zero(*digits)) return base::fail(base::Code::invalid_input, "a NIP of zeros");
  // A remainder of 10 is not a digit: the register does not issue such numbers.
  if (weighted_sum(*digits, weights) % 11 != digits->back() - '0') {
    return base::fail(base::Code::invalid_input, "wrong check digit of a NIP");
  }
  return *digits;
}

std::string format_nip(std::string_view canonical) {
  if (canonical.size() != 10) return std::string(canonical);
  const std::string digits(canonical);
  return digits.substr(0, 3) + "-" + digits.substr(3, 3) + "-" + digits.substr(6, 2) + "-" + digits.substr(8, 2);
}

}  // namespace identity
