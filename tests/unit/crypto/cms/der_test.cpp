#include "crypto/cms/der.hpp"

#include <doctest/doctest.h>

#include "crypto/cms/algorithm.hpp"

namespace der = crypto::der;
using base::Bytes;
using base::BytesView;

namespace {

Bytes octets(const char* hex) {
  return base::parse_hex(hex).value();
}
bool is_der(const char* hex) {
  return der::read_one(octets(hex)).has_value();
}
bool is_ber(const char* hex) {
  return der::read_one(octets(hex), der::Rules::ber).has_value();
}

}  // namespace

TEST_CASE("DER has one length for each element: shortest and definite") {
  CHECK(is_der("0403616263"));
  CHECK_FALSE(is_der("048103616263"));    // a longer form than needed
  CHECK_FALSE(is_der("04820003616263"));  // with a leading zero
  CHECK_FALSE(
      is_der("24800403616263"
             "0000"));                  // indefinite
  CHECK_FALSE(is_der("0404616263"));    // longer than what is there
  CHECK_FALSE(is_der("040361626300"));  // an octet behind it
  CHECK_FALSE(
      is_der("1f8101"
             "0403616263"));  // a tag of several octets
  CHECK_FALSE(is_der("04"));
  CHECK_FALSE(is_der("048980000000000000000000"));
}

TEST_CASE("BER may be indefinite, but it ends, and is not nested without limit") {
  CHECK(
      is_ber("24800403616263"
             "0000"));
  CHECK(is_ber("048103616263"));
  CHECK_FALSE(is_ber("24800403616263"));
  CHECK_FALSE(
      is_ber("24800403616263"
             "00"));
  CHECK_FALSE(
      is_ber("24800403616263"
             "0001"));
  CHECK_FALSE(
      is_ber("04800403616263"
             "0000"));  // primitive and indefinite
  Bytes deep;
  for (int i = 0; i < 40; ++i) deep += Bytes("\x30\x80", 2);
  for (int i = 0; i < 40; ++i) deep += Bytes("\0\0", 2);
  CHECK_FALSE(der::read_one(deep, der::Rules::ber));
}

TEST_CASE("an OCTET STRING in pieces is one string") {
  const Bytes whole = octets("2480040261620401630000");
  const auto string = der::read_one(whole, der::Rules::ber);
  REQUIRE(string);
  CHECK(der::join_octet_string(*string) == "abc");
  const Bytes other = octets(
      "24800c0161"
      "0000");
  CHECK_FALSE(der::join_octet_string(*der::read_one(other, der::Rules::ber)));
}

TEST_CASE("object identifiers are read and written as dotted numbers") {
  for (const char* const dotted : {"1.2.840.113549.1.7.2", "2.16.840.1.101.3.4.2.1", "0.4.0.19122.1.1", "2.999.1",
                                   "0.0", "2.25.329800735698586629295641978511506172918", "1.39.0.127.128"}) {
    const auto made = der::make_oid(dotted);
    REQUIRE(made);
    CHECK(der::oid_text(der::read_one(*made)->content) == dotted);
  }
  CHECK(der::make(der::Oid("1.2.840.113549.1.7.2")) == der::make_oid("1.2.840.113549.1.7.2"));
  for (const char* const wrong : {"", "1", "3.1", "1.40", "1.2.", ".1.2", "1..2", "1.02", "1.a", "1.-2",
                                  "1.2.12345678901234567890123456789012345678901"}) {
    CHECK_FALSE_MESSAGE(der::make_oid(wrong), wrong);
  }
  CHECK(der::oid_text(octets("2a8648").substr(0, 2)).empty());  // ends in the middle of a number
  CHECK(der::oid_text(octets("2a8001")).empty());               // a number with a leading zero
}

TEST_CASE("numbers have one form") {
  CHECK(der::make_integer(0) == octets("020100"));
  CHECK(der::make_integer(127) == octets("02017f"));
  CHECK(der::make_integer(128) == octets("02020080"));
  CHECK(der::make_integer(BytesView("\0\0\x80", 3)) == octets("02020080"));
  CHECK(der::read_small(*der::read_one(octets("02020080"))) == 128);
  CHECK_FALSE(der::read_small(*der::read_one(octets("0202007f"))));
  CHECK_FALSE(der::read_small(*der::read_one(octets("0201ff"))));
  CHECK_FALSE(der::read_small(*der::read_one(octets("0200"))));
}

TEST_CASE("times are those of UTC in the form of DER") {
  const base::Time noon = base::parse_rfc3339("2026-11-29T12:00:00.120Z").value();
  CHECK(der::make_time(noon) == octets("170d") + "261129120000Z");
  CHECK(der::make_time(base::parse_rfc3339("2050-01-01T00:00:00Z").value()) == octets("180f") + "20500101000000Z");
  CHECK(der::make_exact_time(noon) == octets("1812") + "20261129120000.12Z");
  const auto read = [](const Bytes& whole) {
    const auto element = der::read_one(whole);
    REQUIRE(element);
    return der::read_time(*element);
  };
  CHECK(read(der::make_exact_time(noon)) == noon);
  CHECK(read(der::make(der::utc_time, "491231235959Z")) == base::parse_rfc3339("2049-12-31T23:59:59Z").value());
  CHECK(read(der::make(der::utc_time, "500101000000Z")) == base::parse_rfc3339("1950-01-01T00:00:00Z").value());
  for (const char* const wrong :
       {"20261129120000.120Z", "20261129120000.Z", "20261129120000", "20261129120000+0100", "20261329120000Z",
        "20260230120000Z", "20261129240000Z", "20261129120060Z", "202611291200Z", "20261129120000,1Z"}) {
    CHECK_FALSE_MESSAGE(read(der::make(der::generalized_time, wrong)), wrong);
  }
}

TEST_CASE("a set stands in the order of its octets") {
  CHECK(der::make_set(der::set, {octets("020103"), octets("020101"), octets("04020000")}) ==
        octets("310a02010102010304020000"));
}

TEST_CASE("algorithms are read as they are written") {
  using crypto::DigestKind;
  using crypto::SignatureScheme;
  for (const SignatureScheme scheme : {SignatureScheme::rsa_pkcs1, SignatureScheme::rsa_pss, SignatureScheme::ecdsa}) {
    for (const DigestKind kind : {DigestKind::sha256, DigestKind::sha384, DigestKind::sha512}) {
      const crypto::SignatureAlgorithm algorithm{scheme, kind};
      const auto read = crypto::cms::read_signature_identifier(crypto::cms::make_identifier(algorithm), kind);
      REQUIRE(read);
      CHECK(read->algorithm == algorithm);
      CHECK(read->name == crypto::name_of(algorithm));
      if (scheme == SignatureScheme::rsa_pss) CHECK(read->salt == static_cast<int>(crypto::size_of(kind)));
    }
  }
}

TEST_CASE("parameters of an algorithm that do not fit are refused") {
  const auto read = [](const char* hex) {
    return crypto::cms::read_signature_identifier(octets(hex), crypto::DigestKind::sha256);
  };
  // PSS by SHA-256 whose mask is made by SHA-1.
  CHECK_FALSE(
      read("303d06092a864886f70d01010a3030a00d300b0609608648016503040201a1163014"
           "06092a864886f70d010108300706052b0e03021aa203020120"));
  // ECDSA with a curve as parameter.
  CHECK_FALSE(
      read("301506082a8648ce3d040302"
           "06092b2403030208010107"));
  // SHA-256 with a parameter.
  CHECK_FALSE(
      crypto::cms::read_digest_identifier(octets("300e0609608648016503040201"
                                                 "020101")));
  CHECK(crypto::cms::read_digest_identifier(octets("300d06096086480165030402010500"))->kind ==
        crypto::DigestKind::sha256);
  // PSS without parameters is SHA-1 with a salt of 20 octets (RFC 4055 section 3.1).
  const auto standard = read("300d06092a864886f70d01010a3000");
  REQUIRE(standard);
  CHECK(standard->name == "rsa-pss-sha1");
  CHECK(standard->salt == 20);
  // A digest that this program does not know is named, not refused.
  const auto other = crypto::cms::read_digest_identifier(octets("300b0609608648016503040206"));
  REQUIRE(other);
  CHECK_FALSE(other->kind);
  CHECK(other->name == "2.16.840.1.101.3.4.2.6");
}

TEST_CASE("a time of BER is read where a form is reported, and is no time of DER") {
  const auto read = [](std::uint8_t tag, const char* text) {
    const Bytes octets = der::make(tag, text);
    const auto element = der::read_one(octets).value();
    const auto loose = der::read_loose_time(element);
    return std::pair(der::read_time(element).has_value(),
                     loose ? base::to_rfc3339(*loose).substr(0, 19) + "Z" : std::string());
  };
  using Found = std::pair<bool, std::string>;
  CHECK(read(der::utc_time, "260102030405Z") == Found(true, "2026-01-02T03:04:05Z"));
  CHECK(read(der::utc_time, "2601020304Z") == Found(false, "2026-01-02T03:04:00Z"));
  CHECK(read(der::utc_time, "260102030405+0130") == Found(false, "2026-01-02T01:34:05Z"));
  CHECK(read(der::utc_time, "2601020304-0200") == Found(false, "2026-01-02T05:04:00Z"));
  CHECK(read(der::generalized_time, "20260102030405,5-02") == Found(false, "2026-01-02T05:04:05Z"));
  CHECK(read(der::generalized_time, "20260102030405") == Found(false, ""));  // a local time
  CHECK(read(der::utc_time, "260102030405+2500") == Found(false, ""));
  CHECK(read(der::utc_time, "260132030405+0100") == Found(false, ""));
  CHECK(read(der::octet_string, "260102030405Z") == Found(false, ""));
}
