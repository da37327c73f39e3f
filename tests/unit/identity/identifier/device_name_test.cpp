#include "identity/identifier/device_name.hpp"

#include <doctest/doctest.h>

TEST_CASE("a device has the name that was typed, without spaces around it, up to 40 characters of any script") {
  CHECK(identity::parse_device_name("  Oddział 3, łóżko 2\t") == std::string("Oddział 3, łóżko 2"));
  std::string longest;
  for (int i = 0; i < 40; ++i) longest += "ł";
  CHECK(identity::parse_device_name(longest) == longest);
  CHECK(identity::parse_device_name("   ") == std::string());
}

TEST_CASE("no name is what is too long, broken, or has characters that nobody sees") {
  std::string too_long;
  for (int i = 0; i < 41; ++i) too_long += "ł";
  for (const std::string& bad : {too_long, std::string("a\x01"), std::string("a\xc2\x85z"),
                                 std::string("a\xe2\x80\xae"), std::string("\xed\xa0\x80"), std::string("a\xff")}) {
    CAPTURE(bad);
    CHECK_FALSE(identity::parse_device_name(bad));
  }
}
