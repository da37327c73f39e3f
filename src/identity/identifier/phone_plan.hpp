// The numbering plans of the countries served (ITU-T E.164 and national plans), as far as a form needs them: calling
// code, trunk prefix, leading digits with lengths, and how numbers are grouped on pages.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace identity {

/// National significant numbers that start with `prefix`, then one digit of `next`, with `least` to `most` digits.
struct PhoneSpan {
  std::string_view prefix;
  std::string_view next;
  std::size_t least;
  std::size_t most;
  std::string_view groups;  // lengths of the groups but the last: "233" = 2, 3, 3 and the rest
};

struct PhonePlan {
  std::string_view country;  // ISO 3166-1 alpha-2
  std::string_view calling_code;
  std::string_view trunk_prefixes;   // one digit each, dialled inside the country before the number; "" = none
  bool trunk_required;               // a number written for use inside the country starts with one
  std::span<const PhoneSpan> spans;  // the first that fits counts
};

/// All plans, and single ones; nullptr = not served.
std::span<const PhonePlan> phone_plans();
const PhonePlan* find_plan_of_country(std::string_view country);
const PhonePlan* find_plan_of_number(std::string_view e164_digits);

/// The span that a national significant number fits, or nullptr.
const PhoneSpan* find_span(const PhonePlan& plan, std::string_view national);

/// Length of the calling code at the start of E.164 digits, by the zones of the ITU list (E.164 annex D).
std::size_t calling_code_length(std::string_view e164_digits);

}  // namespace identity
