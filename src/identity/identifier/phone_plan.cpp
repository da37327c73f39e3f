#include "identity/identifier/phone_plan.hpp"

#include <algorithm>
#include <array>

namespace identity {
namespace {

constexpr std::string_view any = "0123456789";

// Mobile and service numbers are written in threes, fixed lines begin with an area code of two digits.
constexpr std::array<PhoneSpan, 8> pl{{{"2", "1", 9, 9, "33"},
                                       {"3", "9", 9, 9, "33"},
                                       {"4", "5", 9, 9, "33"},
                                       {"5", "0137", 9, 9, "33"},
                                       {"6", "0469", 9, 9, "33"},
                                       {"7", "02389", 9, 9, "33"},
                                       {"8", "08", 9, 9, "33"},
                                       {"", "123456789", 9, 9, "232"}}};
// E.164 allows 13 digits after a calling code of two, although Germany has numbers with longer extensions.
constexpr std::array<PhoneSpan, 10> de{{{"15", "1279", 11, 11, "4"},
                                        {"15", any, 11, 11, "5"},
                                        {"16", any, 10, 11, "3"},
                                        {"17", any, 10, 11, "3"},
                                        {"13", any, 7, 10, "3"},
                                        {"18", any, 7, 13, "3"},
                                        {"3", "0", 5, 13, "2"},
                                        {"4", "0", 5, 13, "2"},
                                        {"", "69", 5, 13, "3"},
                                        {"", "234578", 5, 13, "3"}}};
constexpr std::array<PhoneSpan, 2> at{{{"1", any, 4, 13, "1"}, {"", "23456789", 4, 13, "3"}}};
constexpr std::array<PhoneSpan, 1> ch{{{"", "23456789", 9, 9, "232"}}};
constexpr std::array<PhoneSpan, 1> cz{{{"", "23456789", 9, 9, "33"}}};
constexpr std::array<PhoneSpan, 2> sk{{{"2", any, 9, 9, "134"}, {"", "345689", 9, 9, "33"}}};
constexpr std::array<PhoneSpan, 1> ua{{{"", "3456789", 9, 9, "232"}}};
constexpr std::array<PhoneSpan, 5> gb{{{"1", any, 9, 10, "3"},
                                       {"2", any, 10, 10, "24"},
                                       {"7", any, 10, 10, "4"},
                                       {"80", "0", 9, 10, "3"},
                                       {"", "3589", 10, 10, "33"}}};
constexpr std::array<PhoneSpan, 1> fr{{{"", "123456789", 9, 9, "1222"}}};
constexpr std::array<PhoneSpan, 4> nl{
    {{"97", "0", 11, 11, "3"}, {"6", any, 9, 9, "1"}, {"", "1234578", 9, 9, "23"}, {"9", "1", 9, 9, "23"}}};
constexpr std::array<PhoneSpan, 2> be{{{"4", "56789", 9, 9, "322"}, {"", "123456789", 8, 8, "222"}}};
constexpr std::array<PhoneSpan, 1> lt{{{"", "3456789", 8, 8, "3"}}};
// Italian numbers keep their leading zero: it is a part of the number.
constexpr std::array<PhoneSpan, 5> it{{{"3", any, 9, 10, "33"},
                                       {"0", "26", 6, 11, "2"},
                                       {"0", any, 6, 11, "3"},
                                       {"", "1", 9, 10, "3"},
                                       {"", "58", 6, 10, "3"}}};
constexpr std::array<PhoneSpan, 1> es{{{"", "56789", 9, 9, "322"}}};

constexpr std::array<PhonePlan, 14> plans{{{"PL", "48", "", false, pl},
                                           {"DE", "49", "0", true, de},
                                           {"AT", "43", "0", true, at},
                                           {"CH", "41", "0", true, ch},
                                           {"CZ", "420", "", false, cz},
                                           {"SK", "421", "0", true, sk},
                                           {"UA", "380", "0", true, ua},
                                           {"GB", "44", "0", true, gb},
                                           {"FR", "33", "0", true, fr},
                                           {"NL", "31", "0", true, nl},
                                           {"BE", "32", "0", true, be},
                                           {"LT", "370", "08", false, lt},
                                           {"IT", "39", "", false, it},
                                           {"ES", "34", "", false, es}}};

}  // namespace

std::span<const PhonePlan> phone_plans() {
  return plans;
}

const PhonePlan* find_plan_of_country(std::string_view country) {
  const auto* const found =
      std::find_if(plans.begin(), plans.end(), [&](const PhonePlan& plan) { return plan.country == country; });
  return found == plans.end() ? nullptr : found;
}

const PhonePlan* find_plan_of_number(std::string_view e164_digits) {
  const auto* const found = std::find_if(
      plans.begin(), plans.end(), [&](const PhonePlan& plan) { return e164_digits.starts_with(plan.calling_code); });
  return found == plans.end() ? nullptr : found;
}

const PhoneSpan* find_span(const PhonePlan& plan, std::string_view national) {
  const auto found = std::find_if(plan.spans.begin(), plan.spans.end(), [&](const PhoneSpan& span) {
    return national.size() >= span.least && national.size() <= span.most && national.starts_with(span.prefix) &&
           span.next.find(national[span.prefix.size()]) != std::string_view::npos;
  });
  return found == plan.spans.end() ? nullptr : &*found;
}

std::size_t calling_code_length(std::string_view e164_digits) {
  if (e164_digits.starts_with('1') || e164_digits.starts_with('7')) return 1;
  constexpr std::string_view two_digits =
      "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 "
      "90 91 92 93 94 95 98";
  return two_digits.find(e164_digits.substr(0, 2)) != std::string_view::npos ? 2 : 3;
}

}  // namespace identity
