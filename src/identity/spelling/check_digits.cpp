#include "identity/spelling/check_digits.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "identity/spelling/comparison_form.hpp"

namespace identity {
namespace {

constexpr std::size_t longest_typed = 32;

std::string tidy(std::string_view typed) {
  if (typed.size() > 4 * longest_typed || base::count_code_points(typed) > longest_typed) return {};
  std::string text = ascii_form(typed);
  std::erase_if(text, [](char c) { return c == ' ' || c == '-'; });
  return text;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::optional<std::string> find_digits(std::string_view typed) {
  std::string text = tidy(typed);
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  return text;
}

std::optional<std::string> find_letters_and_digits(std::string_view typed) {
  std::string text = tidy(typed);
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!is_digit(c) && (c < 'A' || c > 'Z')) return std::nullopt;
  }
  if (text.empty()) return std::nullopt;
  return text;
}

int weighted_sum(std::string_view symbols, std::span<const int> weights) {
  int sum = 0;
  for (std::size_t i = 0; i < std::min(symbols.size(), weights.size()); ++i) {
    const char c = symbols[i];
    sum += weights[i] * (is_digit(c) ? c - '0' : c - 'A' + 10);
  }
  return sum;
}

bool is_all_zero(std::string_view digits) {
  return digits.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace identity
