#include "identity/identifier/phone_number.hpp"

#include <algorithm>
#include <optional>

#include "base/bytes.hpp"
#include "identity/identifier/phone_plan.hpp"
#include "identity/spelling/comparison_form.hpp"

namespace identity {
namespace {

constexpr std::size_t longest_typed = 40;
constexpr std::size_t least_digits = 8;
constexpr std::size_t most_digits = 15;  // ITU-T E.164 §6.1

/// What was typed: its digits, whether a '+' came first, and where "(0)" stood among the digits.
struct Typed {
  std::string digits;
  bool international = false;
  std::optional<std::size_t> optional_zero;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<Typed> read(std::string_view typed) {
  if (typed.size() > 4 * longest_typed || base::count_code_points(typed) > longest_typed) return std::nullopt;
  const std::string text = ascii_form(typed);
  Typed result;
  bool bracket = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_digit(c)) {
      result.digits += c;
    } else if (c == '+') {
      if (!result.digits.empty() || result.international) return std::nullopt;
      result.international = true;
    } else if (c == '(' && !bracket) {
      bracket = true;
      if (text.compare(i, 3, "(0)") == 0) {
        if (result.optional_zero) return std::nullopt;
        result.optional_zero = result.digits.size();
        bracket = false;
        i += 2;
      }
    } else if (c == ')' && bracket) {
      bracket = false;
    } else if (std::string_view(" -/.").find(c) == std::string_view::npos) {
      return std::nullopt;
    }
  }
  if (bracket || result.digits.empty()) return std::nullopt;
  return result;
}

/// The national significant number of digits that may have a trunk prefix.
std::optional<std::string> find_national(const PhonePlan& plan, std::string_view digits, bool trunk_required) {
  if (!trunk_required && find_span(plan, digits) != nullptr) return std::string(digits);
  if (!digits.empty() && plan.trunk_prefixes.find(digits.front()) != std::string_view::npos &&
      find_span(plan, digits.substr(1)) != nullptr) {
    return std::string(digits.substr(1));
  }
  return std::nullopt;
}

base::Result<std::string> of_plan(const PhonePlan& plan, std::string_view digits, bool trunk_required) {
  std::optional<std::string> national = find_national(plan, digits, trunk_required);
  if (!national) {
    return base::fail(base::Code::invalid_input, "no phone number of " + std::string(plan.country));
  }
  return "+" + std::string(plan.calling_code) + *national;
}

}  // namespace

base::Result<std::string> parse_phone_number(std::string_view typed, std::string_view default_country) {
  std::optional<Typed> number = read(typed);
  if (!number) return base::fail(base::Code::invalid_input, "not a phone number");
  std::string& digits = number->digits;
  if (!number->international && digits.starts_with("00")) {
    number->international = true;
    digits.erase(0, 2);
    if (number->optional_zero) *number->optional_zero -= std::min<std::size_t>(2, *number->optional_zero);
  }
  const PhonePlan* plan = number->international ? find_plan_of_number(digits) : find_plan_of_country(default_country);
  if (number->optional_zero) {
    // "(0)" stands for a prefix that is dialled inside the country only; where zeros belong to the number, it is one.
    const std::size_t at = number->international && plan != nullptr ? plan->calling_code.size() : 0;
    if (!number->international || (plan != nullptr && plan->country == "IT")) {
      if (*number->optional_zero != at) return base::fail(base::Code::invalid_input, "a (0) inside a phone number");
      digits.insert(at, "0");
    } else if (*number->optional_zero == 0 ||
               (plan != nullptr && *number->optional_zero != plan->calling_code.size())) {
      return base::fail(base::Code::invalid_input, "a (0) inside a phone number");
    }
  }
  if (!number->international) {
    if (plan == nullptr) return base::fail(base::Code::invalid_input, "a phone number without its country");
    return of_plan(*plan, digits, plan->trunk_required);
  }
  if (plan != nullptr) return of_plan(*plan, std::string_view(digits).substr(plan->calling_code.size()), false);
  if (digits.size() < least_digits || digits.size() > most_digits || digits.front() == '0') {
    return base::fail(base::Code::invalid_input, "not a number of E.164");
  }
  return "+" + digits;
}

std::string format_international(std::string_view e164) {
  if (e164.size() < 2 || e164.front() != '+' || !std::all_of(e164.begin() + 1, e164.end(), is_digit)) {
    return std::string(e164);
  }
  const std::string_view digits = e164.substr(1);
  const PhonePlan* plan = find_plan_of_number(digits);
  const std::size_t code =
      std::min(plan != nullptr ? plan->calling_code.size() : calling_code_length(digits), digits.size());
  std::string_view rest = digits.substr(code);
  const PhoneSpan* span = plan != nullptr ? find_span(*plan, rest) : nullptr;
  std::string text = "+" + std::string(digits.substr(0, code));
  for (const char length : span != nullptr ? span->groups : std::string_view("333")) {
    const auto n = static_cast<std::size_t>(length - '0');
    if (rest.size() < n + 2) break;  // no last group of one digit
    text += " " + std::string(rest.substr(0, n));
    rest.remove_prefix(n);
  }
  return rest.empty() ? text : text + " " + std::string(rest);
}

}  // namespace identity
