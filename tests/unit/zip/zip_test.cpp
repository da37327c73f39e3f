#include "zip/zip.hpp"

#include <doctest/doctest.h>

#include <array>

namespace {

base::Time now() {
  return base::parse_rfc3339("2026-11-21T09:00:00Z").value();
}

zip::Entry entry(std::string name, std::string content) {
  return {std::move(name), base::Secret(std::move(content))};
}

}  // namespace

TEST_CASE("what is packed comes out again, in its order, octet by octet") {
  const std::string octets = std::string("\0\xff\x01", 3) + std::string(70'000, 'x');
  const std::array entries{entry("Z1.p12", octets), entry("Z1-password.txt", "abcdefgh12345678")};
  const auto packed = zip::pack(entries, now());
  REQUIRE(packed);
  CHECK(packed->reveal().starts_with("PK\x03\x04"));
  const auto read = zip::unpack(packed->reveal(), 1'000'000);
  REQUIRE(read);
  REQUIRE(read->size() == 2);
  CHECK(read->at(0).name == "Z1.p12");
  CHECK(read->at(0).content.reveal() == octets);
  CHECK(read->at(1).name == "Z1-password.txt");
  CHECK(read->at(1).content.reveal() == "abcdefgh12345678");
}

TEST_CASE("a name with path parts, of control characters, of nothing or twice is not packed") {
  for (const char* name : {"", ".", "..", "../x", "a/b", "a\\b", "C:x", "a\nb", "\xff"}) {
    CAPTURE(name);
    const std::array entries{entry(name, "x")};
    const auto packed = zip::pack(entries, now());
    REQUIRE_FALSE(packed);
    CHECK(packed.error().code == base::Code::invalid_input);
  }
  const std::array twice{entry("a", "x"), entry("a", "y")};
  CHECK_FALSE(zip::pack(twice, now()));
}

TEST_CASE("a name of another script is marked as UTF-8 and comes back") {
  const std::array entries{entry("Prąxis.p12", "x")};
  const auto packed = zip::pack(entries, now());
  REQUIRE(packed);
  const auto read = zip::unpack(packed->reveal(), 100);
  REQUIRE(read);
  CHECK(read->front().name == "Prąxis.p12");
}

TEST_CASE("what is no archive, too large, or wants out of its folder is refused") {
  CHECK_FALSE(zip::unpack("", 100));
  CHECK_FALSE(zip::unpack("no archive at all", 100));
  const std::array entries{entry("a", std::string(1000, 'x'))};
  const auto packed = zip::pack(entries, now());
  REQUIRE(packed);
  CHECK_FALSE(zip::unpack(packed->reveal(), 999));
  CHECK(zip::unpack(packed->reveal(), 1000));
  // The same archive, with the name "a" changed to "/" in both of its places.
  std::string evil(packed->reveal());
  for (auto at = evil.find('a'); at != std::string::npos; at = evil.find('a', at + 1)) evil[at] = '/';
  CHECK_FALSE(zip::unpack(evil, 1000));
  CHECK_FALSE(zip::unpack(std::string(packed->reveal().substr(0, 40)), 1000));
}
