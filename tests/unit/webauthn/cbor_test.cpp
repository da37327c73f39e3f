#include "webauthn/cbor.hpp"

#include <doctest/doctest.h>

#include "seeded.hpp"
#include "soft_authenticator.hpp"

namespace {

base::Bytes hex(std::string_view text) {
  return base::parse_hex(text).value();
}
bool is_read(std::string_view text) {
  return webauthn::parse_cbor(hex(text)).has_value();
}

}  // namespace

TEST_CASE("CBOR in the canonical form is read: the examples of RFC 8949 appendix A") {
  CHECK(webauthn::parse_cbor(hex("00"))->is(0));
  CHECK(webauthn::parse_cbor(hex("17"))->is(23));
  CHECK(webauthn::parse_cbor(hex("1818"))->is(24));
  CHECK(webauthn::parse_cbor(hex("1903e8"))->is(1000));
  CHECK(webauthn::parse_cbor(hex("1a000f4240"))->is(1000000));
  CHECK(webauthn::parse_cbor(hex("1b000000e8d4a51000"))->is(1000000000000));
  CHECK(webauthn::parse_cbor(hex("20"))->is(-1));
  CHECK(webauthn::parse_cbor(hex("3903e7"))->is(-1000));
  CHECK(webauthn::parse_cbor(hex("4401020304"))->octets == hex("01020304"));
  CHECK(webauthn::parse_cbor(hex("6449455446"))->octets == "IETF");
  CHECK(webauthn::parse_cbor(hex("f5"))->number == 1);
  CHECK(webauthn::parse_cbor(hex("83010203"))->items.size() == 3);
  const base::Bytes octets = hex("a26161016162820203");  // the items refer to it
  const auto map = webauthn::parse_cbor(octets);
  REQUIRE(map);
  CHECK(map->find("a")->is(1));
  CHECK(map->find("b")->items.size() == 2);
  CHECK(map->find("c") == nullptr);
  CHECK(map->find(1) == nullptr);
}

TEST_CASE("the largest whole numbers stay apart") {
  CHECK(webauthn::parse_cbor(hex("1bffffffffffffffff"))->number == 0xffffffffffffffffULL);
  CHECK_FALSE(webauthn::parse_cbor(hex("1bffffffffffffffff"))->is(-1));
  CHECK_FALSE(webauthn::parse_cbor(hex("3bffffffffffffffff"))->is(0));
}

TEST_CASE("a head that is longer than it needs to be is refused") {
  for (const char* text : {"1800", "1817", "190001", "1a0000ffff", "1b00000000ffffffff", "3800", "5800", "580100",
                           "7800", "9800", "b800", "f814"}) {
    CAPTURE(text);
    CHECK_FALSE(is_read(text));
  }
}

TEST_CASE("indefinite lengths, tags, floats and undefined are refused") {
  for (const char* text : {"5f42010243030405ff", "7f657374726561646d696e67ff", "9fff", "bfff", "c11a514b67b0", "f93c00",
                           "fa47c35000", "fb3ff199999999999a", "f7", "f0", "ff", "1c", "fe"}) {
    CAPTURE(text);
    CHECK_FALSE(is_read(text));
  }
}

TEST_CASE("a map with a key twice, or with keys out of order, is refused") {
  CHECK(is_read("a201020304"));
  CHECK_FALSE(is_read("a201020103"));
  CHECK_FALSE(is_read("a203040102"));
  CHECK_FALSE(is_read("a2616101616102"));
  CHECK_FALSE(is_read("a262616101616202"));  // the longer key first
  CHECK_FALSE(is_read("a26161010102"));      // text before a number
  CHECK(is_read("a201022003"));              // 1 before -1
  CHECK_FALSE(is_read("a220030102"));
  CHECK_FALSE(is_read("a18001"));  // an array as a key
}

TEST_CASE("what is cut off, and what has octets behind it, is refused") {
  const base::Bytes whole = hex("a26161016162820203");
  REQUIRE(webauthn::parse_cbor(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(webauthn::parse_cbor(base::BytesView(whole).substr(0, size)).has_value());
  }
  CHECK_FALSE(webauthn::parse_cbor(whole + '\0').has_value());
  const auto prefix = webauthn::parse_cbor_prefix(whole + "xyz");
  REQUIRE(prefix);
  CHECK(prefix->size == whole.size());
}

TEST_CASE("an item that says it is very long costs nothing and is refused") {
  for (const char* text : {"5bffffffffffffffff", "7b7fffffffffffffff", "9bffffffffffffffff", "bbffffffffffffffff",
                           "9affffffff", "ba7fffffff", "9841", "b841"}) {
    CAPTURE(text);
    CHECK_FALSE(is_read(text));
  }
}

TEST_CASE("four levels are read, and no fifth one") {
  CHECK(is_read("81818101"));
  CHECK_FALSE(is_read("8181818101"));
  CHECK_FALSE(webauthn::parse_cbor(std::string(100000, '\x81')).has_value());
}

TEST_CASE("text that is not UTF-8 is refused") {
  CHECK(is_read("62c582"));
  CHECK_FALSE(is_read("61ff"));
  CHECK(is_read("41ff"));
}

TEST_CASE("random octets and changed ones never do harm") {
  Seeded seeded;
  const base::Bytes whole = testing::SoftAuthenticator(crypto::CoseAlgorithm::es256).create();
  for (int round = 0; round < 20000; ++round) {
    base::Bytes changed = whole;
    seeded.one_of(changed) = static_cast<char>(seeded.number(-128, 127));
    if (const auto read = webauthn::parse_cbor(changed)) CHECK(read->items.size() <= 2 * webauthn::most_cbor_items);
    static_cast<void>(webauthn::parse_cbor(seeded.octets(static_cast<std::size_t>(seeded.number(0, 60)))));
  }
}
