#include "base/base32.hpp"

#include <doctest/doctest.h>

TEST_CASE("base32 gives the known answers of RFC 4648 without padding") {
  const std::pair<std::string, std::string> known[] = {{"", ""},
                                                       {"f", "MY"},
                                                       {"fo", "MZXQ"},
                                                       {"foo", "MZXW6"},
                                                       {"foob", "MZXW6YQ"},
                                                       {"fooba", "MZXW6YTB"},
                                                       {"foobar", "MZXW6YTBOI"}};
  for (const auto& [plain, coded] : known) {
    CHECK(base::to_base32(plain) == coded);
    CHECK(base::parse_base32(coded).value() == plain);
  }
  CHECK(base::parse_base32("mzxw6ytboi").value() == "foobar");
}

TEST_CASE("base32 with other letters, blanks, padding or bits that are left is refused") {
  for (const char* bad : {"M", "MZ1W6", "MZ W6", "MY======", "MZ", "MZXW6Y", "MZXW6YTB0", "\xc5\x81"}) {
    CAPTURE(bad);
    CHECK_FALSE(base::parse_base32(bad).has_value());
  }
}
