#include "base/bytes.hpp"

#include <doctest/doctest.h>

#include "base/id.hpp"
#include "base/time.hpp"

TEST_CASE("base64url has one spelling for every value") {
  CHECK(base::to_base64url("\xff\xfe") == "__4");
  CHECK(base::parse_base64url("__4").value() == "\xff\xfe");
  for (const char* bad : {"__4=", "__5", "_", "__ 4", "++4"}) CHECK_FALSE(base::parse_base64url(bad));
  CHECK(base::to_base64("a") == "YQ==");
  CHECK_FALSE(base::parse_base64("YQ"));
  CHECK_FALSE(base::parse_base64("YR=="));
  for (std::size_t n = 0; n < 70; ++n) {
    const auto bytes = base::random_bytes(n);
    CHECK(base::parse_base64url(base::to_base64url(bytes)).value() == bytes);
    CHECK(base::parse_base64(base::to_base64(bytes)).value() == bytes);
    CHECK(base::parse_hex(base::to_hex(bytes)).value() == bytes);
  }
}

TEST_CASE("overlong forms, surrogates and cut-off sequences are not UTF-8") {
  CHECK(base::is_utf8("za\xc5\xbc\xc3\xb3\xc5\x82\xc4\x87"));
  CHECK(base::is_utf8("\xf0\x9f\x98\x80"));
  for (const char* bad : {"\xc0\xaf", "\xed\xa0\x80", "\xe2\x82", "\xf4\x90\x80\x80", "\x80", "\xff"}) {
    CHECK_FALSE(base::is_utf8(bad));
  }
  CHECK(base::count_code_points("\xc5\xbc\xf0\x9f\x98\x80x") == 3);
}

TEST_CASE("a broken percent escape is an error, not a literal") {
  CHECK(base::percent_decode("a%20b+c", true).value() == "a b c");
  CHECK(base::percent_decode("a+b", false).value() == "a+b");
  for (const char* bad : {"%", "%2", "%zz", "abc%f"}) CHECK_FALSE(base::percent_decode(bad, true));
}

TEST_CASE("identifiers are ordered by the time of their making") {
  const auto earlier = base::Id::make(base::from_seconds(1'700'000'000));
  const auto later = base::Id::make(base::from_seconds(1'700'000'001));
  CHECK(earlier < later);
  CHECK(base::Id::parse(earlier.to_string()).value() == earlier);
  CHECK(earlier.made_at() == base::from_seconds(1'700'000'000));
  CHECK(earlier.to_string()[14] == '7');
  CHECK_FALSE(base::Id::parse("018f6f3e-0000-7000-8000"));
}

TEST_CASE("times are read and written in RFC 3339, and impossible days are refused") {
  const auto t = base::parse_rfc3339("2026-02-28T23:59:59.250Z").value();
  CHECK(base::to_rfc3339(t) == "2026-02-28T23:59:59.250Z");
  CHECK(base::to_seconds(base::parse_rfc3339("1970-01-01T00:00:01Z").value()) == 1);
  for (const char* bad : {"2026-02-29T00:00:00Z", "2026-01-01", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00+01:00"}) {
    CHECK_FALSE(base::parse_rfc3339(bad));
  }
}

TEST_CASE("texts are joined with a separator between them alone") {
  CHECK(base::join({}, ", ").empty());
  CHECK(base::join({"one"}, ", ") == "one");
  CHECK(base::join({"", "two", ""}, ", ") == ", two, ");
}
