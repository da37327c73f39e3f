#include "identity/identifier/pesel.hpp"

#include <array>

#include "identity/spelling/check_digits.hpp"

namespace identity {
namespace {

constexpr std::array<int, 10> weights{1, 3, 7, 9, 1, 3, 7, 9, 1, 3};

int two_digits(std::string_view digits, std::size_t at) {
  return (digits[at] - '0') * 10 + (digits[at + 1] - '0');
}

std::chrono::year_month_day date_in(std::string_view digits) {
  // The century is added to the month: 1800s +80, 1900s +0, 2000s +20, 2100s +40, 2200s +60.
  constexpr std::array<int, 5> centuries{1900, 2000, 2100, 2200, 1800};
  const int month = two_digits(digits, 2);
  const int year = centuries.at(static_cast<std::size_t>(month / 20)) + two_digits(digits, 0);
  return std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month % 20)) /
         std::chrono::day(static_cast<unsigned>(two_digits(digits, 4)));
}

}  // namespace

base::Result<Pesel> parse_pesel(std::string_view typed) {
  std::optional<std::string> digits = find_digits(typed);
  if (!digits || digits->size() != 11) return base::fail(base::Code::invalid_input, "a PESEL has 11 digits");
  const int check = (10 - weighted_sum(*digits, weights) % 10) % 10;
  if (check != digits->back() - '0') return base::fail(base::Code::invalid_input, "wrong check digit of a PESEL");
  const std::chrono::year_month_day born = date_in(*digits);
  if (!born.ok()) return base::fail(base::Code::invalid_input, "no such date in a PESEL");
  const Sex sex = (digits->at(9) - '0') % 2 == 1 ? Sex::male : Sex::female;
  return Pesel{std::move(*digits), born, sex};
}

bool is_plausible(const Pesel& pesel, std::chrono::year_month_day today) {
  return pesel.born <= today && pesel.born.year() + std::chrono::years(130) >= today.year();
}

}  // namespace identity
