#include "identity/identifier/regon.hpp"

#include <array>

#include "identity/spelling/check_digits.hpp"

namespace identity {
namespace {

constexpr std::array<int, 8> weights_of_9{8, 9, 2, 3, 4, 5, 6, 7};
constexpr std::array<int, 13> weights_of_14{2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8};

bool sums_up(std::string_view digits, std::span<const int> weights) {
  return weighted_sum(digits, weights) % 11 % 10 == digits[weights.size()] - '0';
}

}  // namespace

base::Result<std::string> parse_regon(std::string_view typed) {
  std::optional<std::string> digits = find_digits(typed);
  if (!digits || (digits->size() != 9 && digits->size() != 14)) {
    return base::fail(base::Code::invalid_input, "a REGON has 9 or 14 digits");
  }
  if (is_all_zero(std::string_view(*digits).substr(0, 9))) {
    return base::fail(base::Code::invalid_input, "a REGON of zeros");
  }
  if (!sums_up(*digits, weights_of_9) || (digits->size() == 14 && !sums_up(*digits, weights_of_14))) {
    return base::fail(base::Code::invalid_input, "wrong check digit of a REGON");
  }
  return *digits;
}

}  // namespace identity
