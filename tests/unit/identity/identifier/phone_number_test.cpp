#include "identity/identifier/phone_number.hpp"

#include <doctest/doctest.h>

#include "identity/identifier/phone_plan.hpp"
#include "seeded.hpp"
#include "unit/identity/vectors.hpp"

using namespace identity;

TEST_CASE("numbers of the list are read and shown as they should be, or refused") {
  const auto rows = read_vectors("phone_numbers");
  CHECK(rows.size() > 55);
  for (const auto& row : rows) {
    const auto result = parse_phone_number(row.at(1), row.at(0));
    const std::string expected = row.size() > 2 ? row.at(2) : "";
    CHECK_MESSAGE((result ? *result : "") == expected, row.at(0), " ", row.at(1));
    if (result && row.size() > 3) CHECK(format_international(*result) == row.at(3));
  }
}

TEST_CASE("whatever is shown is read back as the same number") {
  Seeded random;
  int read = 0;
  for (int i = 0; i < 20'000; ++i) {
    const PhonePlan& plan = phone_plans()[static_cast<std::size_t>(random.number(0, 13))];
    const std::string typed =
        "+" + std::string(plan.calling_code) + random.digits(static_cast<std::size_t>(random.number(4, 13)));
    const auto number = parse_phone_number(typed);
    if (!number) continue;
    ++read;
    CHECK(number->size() <= 16);
    CHECK(parse_phone_number(*number).value() == *number);
    const std::string shown = format_international(*number);
    CHECK_MESSAGE(parse_phone_number(shown).value() == *number, shown);
    CHECK(parse_phone_number("00" + shown.substr(1)).value() == *number);
  }
  CHECK(read > 1000);
}

TEST_CASE("an optional zero in brackets is no part of a number but in Italy") {
  for (const PhonePlan& plan : phone_plans()) {
    const std::string national = plan.country == "GB" ? "7400123456" : plan.country == "BE" ? "470123456" : "612345678";
    const auto plain = parse_phone_number("+" + std::string(plan.calling_code) + national);
    const auto with_zero = parse_phone_number("+" + std::string(plan.calling_code) + " (0)" + national);
    if (!plain) continue;
    if (plan.country == "IT") {
      CHECK((!with_zero || *with_zero != *plain));
    } else {
      CHECK_MESSAGE((with_zero && *with_zero == *plain), plan.country);
    }
  }
}

TEST_CASE("what is no number is shown as it is") {
  for (const char* text : {"", "+", "abc", "0172", "+49x"}) CHECK(format_international(text) == text);
  CHECK(format_international("+8612345678901") == "+86 123 456 789 01");
}
