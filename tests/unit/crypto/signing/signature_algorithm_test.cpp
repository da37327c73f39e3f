#include "crypto/signing/signature_algorithm.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "crypto/signing/ecdsa_value.hpp"
#include "crypto/signing/soft_key.hpp"
#include "crypto/signing/token_parts.hpp"
#include "unit/crypto/signing/vector_file.hpp"

using crypto::DigestKind;
using crypto::SignatureAlgorithm;
using crypto::SignatureScheme;
using crypto::ValueForm;

namespace {

base::Bytes hex(std::string_view text) {
  return base::parse_hex(text).value();
}

std::optional<DigestKind> digest_of(std::string name) {
  std::erase(name, '-');
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  const auto kind = crypto::parse_digest_kind(name);
  return kind ? std::optional(*kind) : std::nullopt;
}

struct Curve {
  std::string_view name;
  std::string_view parameters;  // DER of the OBJECT IDENTIFIER, hexadecimal
  std::size_t size;
};
constexpr std::array curves{Curve{"P-256", "06082a8648ce3d030107", 32}, Curve{"P-384", "06052b81040022", 48},
                            Curve{"P-521", "06052b81040023", 66}};

base::Bytes pad(base::Bytes number, std::size_t size) {
  number.erase(0, number.find_first_not_of('\0'));
  return base::Bytes(size - std::min(size, number.size()), '\0') + number;
}

}  // namespace

TEST_CASE("digests of FIPS 180-4 and RFC 1321 have their known values") {
  CHECK(crypto::digest(DigestKind::md5, "abc") == hex("900150983cd24fb0d6963f7d28e17f72"));
  CHECK(crypto::digest(DigestKind::sha1, "abc") == hex("a9993e364706816aba3e25717850c26c9cd0d89d"));
  CHECK(crypto::digest(DigestKind::sha224, "abc") == hex("23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"));
  CHECK(crypto::digest(DigestKind::sha256, "abc") ==
        hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  for (const DigestKind kind : crypto::all_digest_kinds) {
    CHECK(crypto::digest(kind, "").size() == crypto::size_of(kind));
    CHECK(crypto::digest(kind, "abc") == crypto::digest(kind, "abc"));
    CHECK(crypto::parse_digest_kind(crypto::name_of(kind)).value() == kind);
  }
  CHECK_FALSE(crypto::parse_digest_kind("SHA256"));
  CHECK_FALSE(crypto::parse_digest_kind(""));
}

TEST_CASE("each algorithm has a name by which it is found, and no other word is one") {
  CHECK(crypto::name_of(SignatureAlgorithm{SignatureScheme::rsa_pss, DigestKind::sha384}) == "rsa-pss-sha384");
  CHECK(crypto::parse_signature_algorithm("rsa-pkcs1-sha256").value() ==
        SignatureAlgorithm{SignatureScheme::rsa_pkcs1, DigestKind::sha256});
  CHECK(crypto::parse_signature_algorithm("ecdsa-sha512").value() ==
        SignatureAlgorithm{SignatureScheme::ecdsa, DigestKind::sha512});
  for (const char* other : {"", "ecdsa", "ecdsa-sha3", "dsa", "none", "hmac-sha256", "ECDSA-SHA256"})
    CHECK_FALSE_MESSAGE(crypto::parse_signature_algorithm(other), other);
}

TEST_CASE("NIST's answers for ECDSA on P-256, P-384 and P-521 are ours, and each altered one is refused") {
  int accepted = 0;
  int refused = 0;
  for (const testing::VectorCase& one : testing::read_vectors("ECDSA/FIPS_186-3/SigVer.rsp")) {
    const std::string name = one.section.substr(0, one.section.find(','));
    const auto* const curve =
        std::find_if(curves.begin(), curves.end(), [&](const Curve& known) { return known.name == name; });
    const auto digest = digest_of(one.section.substr(one.section.find(',') + 1));
    if (curve == curves.end() || !digest) continue;
    const base::Bytes point =
        "\x04" + pad(testing::octets_of(one, "Qx"), curve->size) + pad(testing::octets_of(one, "Qy"), curve->size);
    const auto spki = crypto::join_ec_public_key(hex(curve->parameters), point);
    const bool is_right = one.values.at("Result").starts_with("P");
    // A changed key may be no point of the curve any more.
    if (!spki) {
      CHECK_FALSE(is_right);
      continue;
    }
    const base::Bytes raw =
        pad(testing::octets_of(one, "R"), curve->size) + pad(testing::octets_of(one, "S"), curve->size);
    const SignatureAlgorithm algorithm{SignatureScheme::ecdsa, *digest};
    const base::Bytes message = testing::octets_of(one, "Msg");
    CHECK(crypto::verify_signature(*spki, algorithm, message, raw, ValueForm::raw) == is_right);
    const auto der = crypto::convert_value(*spki, raw, ValueForm::raw, ValueForm::der);
    REQUIRE(der);
    CHECK(crypto::verify_signature(*spki, algorithm, message, *der, ValueForm::der) == is_right);
    CHECK(crypto::convert_value(*spki, *der, ValueForm::der, ValueForm::raw).value() == raw);
    CHECK_FALSE(crypto::verify_signature(*spki, algorithm, message, raw, ValueForm::der));
    CHECK_FALSE(crypto::verify_signature(*spki, algorithm, message, *der, ValueForm::raw));
    ++(is_right ? accepted : refused);
  }
  CHECK(accepted > 20);
  CHECK(refused > 100);
}

TEST_CASE("NIST's answers for RSASSA-PKCS1-v1_5 are ours, and each altered one is refused") {
  int accepted = 0;
  int refused = 0;
  for (const testing::VectorCase& one : testing::read_vectors("RSA/FIPS_186-2/SigVer15_186-3.rsp")) {
    const auto digest = digest_of(one.values.at("SHAAlg"));
    REQUIRE(digest);
    const auto spki = crypto::join_rsa_public_key(testing::octets_of(one, "n"), testing::octets_of(one, "e"));
    REQUIRE(spki);
    const bool is_right = one.values.at("Result").starts_with("P");
    const base::Bytes value = pad(testing::octets_of(one, "S"), testing::octets_of(one, "n").size());
    CHECK(crypto::verify_signature(*spki, {SignatureScheme::rsa_pkcs1, *digest}, testing::octets_of(one, "Msg"), value,
                                   ValueForm::der) == is_right);
    CHECK_FALSE(crypto::verify_signature(*spki, {SignatureScheme::rsa_pss, *digest}, testing::octets_of(one, "Msg"),
                                         value, ValueForm::der));
    ++(is_right ? accepted : refused);
  }
  CHECK(accepted > 10);
  CHECK(refused > 50);
}

TEST_CASE(
    "a value of ECDSA has one encoding: BER, a leading zero, a negative number and octets behind it are refused") {
  const base::Bytes right = hex("3006020101020101");
  const base::Bytes raw = crypto::decode_ecdsa_value(right, 32).value();
  CHECK(raw.size() == 64);
  CHECK(crypto::encode_ecdsa_value(raw).value() == right);
  for (const char* wrong : {
           "",                     // nothing
           "30",                   // cut off
           "3006020101020100",     // s is zero
           "3006020100020101",     // r is zero
           "30070202000102 0101",  // a zero that nothing asks for
           "30060201ff020101",     // negative
           "308106020101020101",   // length in two octets
           "3080020101020101 0000",
           "300602010102010100",  // an octet behind it
           "3003020101",          // one number
           "3009020101020101020101",
       }) {
    std::string text = wrong;
    std::erase(text, ' ');
    CHECK_FALSE_MESSAGE(crypto::decode_ecdsa_value(hex(text), 32), wrong);
  }
  CHECK_FALSE(crypto::decode_ecdsa_value(right, 0));
  CHECK_FALSE(crypto::encode_ecdsa_value(""));
  CHECK_FALSE(crypto::encode_ecdsa_value("abc"));
  CHECK_FALSE(crypto::encode_ecdsa_value(base::Bytes(64, '\0')));
  CHECK_FALSE(crypto::encode_ecdsa_value(base::Bytes(2 * 67, '\x01')));
  // The longest one: two numbers of P-521 with the length in two octets.
  const base::Bytes longest = base::Bytes(1, '\x01') + base::Bytes(65, '\xff');
  const base::Bytes der = crypto::encode_ecdsa_value(longest + longest).value();
  CHECK(der.substr(0, 3) == hex("308188"));
  CHECK(crypto::decode_ecdsa_value(der, 66).value() == longest + longest);
}

TEST_CASE("a key verifies nothing by another scheme, and what is no key verifies nothing") {
  const auto curve = crypto::SoftKey::generate(crypto::SoftKeyKind::ec_p256).value();
  const auto rsa = crypto::SoftKey::generate(crypto::SoftKeyKind::rsa_2048).value();
  const SignatureAlgorithm ecdsa{SignatureScheme::ecdsa, DigestKind::sha256};
  const SignatureAlgorithm pkcs1{SignatureScheme::rsa_pkcs1, DigestKind::sha256};
  const base::Bytes by_curve = curve.sign(ecdsa, "text").value();
  const base::Bytes by_rsa = rsa.sign(pkcs1, "text").value();
  CHECK(crypto::verify_signature(curve.public_key(), ecdsa, "text", by_curve, ValueForm::der));
  CHECK(crypto::verify_signature(rsa.public_key(), pkcs1, "text", by_rsa, ValueForm::raw));
  CHECK_FALSE(crypto::verify_signature(curve.public_key(), pkcs1, "text", by_curve, ValueForm::der));
  CHECK_FALSE(crypto::verify_signature(rsa.public_key(), ecdsa, "text", by_rsa, ValueForm::der));
  CHECK_FALSE(crypto::verify_signature(curve.public_key(), ecdsa, "texts", by_curve, ValueForm::der));
  CHECK_FALSE(crypto::verify_signature("", ecdsa, "text", by_curve, ValueForm::der));
  CHECK_FALSE(crypto::verify_signature(curve.public_key() + "x", ecdsa, "text", by_curve, ValueForm::der));
  CHECK_FALSE(crypto::verify_signature(rsa.public_key(), pkcs1, "text", by_rsa.substr(1), ValueForm::der));
  CHECK_FALSE(crypto::convert_value(rsa.public_key(), by_rsa, ValueForm::der, ValueForm::raw));
}

TEST_CASE("a thread that meets more keys than it keeps still judges each of them rightly") {
  std::vector<crypto::SoftKey> keys;
  std::vector<base::Bytes> values;
  const SignatureAlgorithm algorithm{SignatureScheme::ecdsa, DigestKind::sha256};
  for (int i = 0; i < 150; ++i) {
    keys.push_back(crypto::SoftKey::generate(crypto::SoftKeyKind::ec_p256).value());
    values.push_back(keys.back().sign(algorithm, "text").value());
  }
  for (std::size_t round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      CHECK(crypto::verify_signature(keys[i].public_key(), algorithm, "text", values[i], ValueForm::der));
      CHECK_FALSE(crypto::verify_signature(keys[i].public_key(), algorithm, "text", values[(i + 1) % keys.size()],
                                           ValueForm::der));
    }
  }
}

TEST_CASE("a curve that the key describes itself is none, also if it is a known one in other words") {
  // The key of P-256 with explicit parameters: `openssl ec -param_enc explicit -pubout` (CVE-2020-0601).
  const auto* const spki =
      "MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////////MFsEIP//"
      "//8AAAABAAAAAAAAAAAAAAAA///////////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSdNgiG5wST"
      "amZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBo"
      "N79R9QIhAP////8AAAAA//////////+85vqtpxeehPO5ysL8YyVRAgEBA0IABKdWuk2VxTNlzI2qtsnAmSUUqjemjkd7+flO1Bkd"
      "IcuPtR6TOFW0IaUTLg02Fm1g4b05xi6r4tRTlKOeK69x7Vk=";
  const auto der = base::parse_base64(spki);
  REQUIRE(der);
  CHECK(crypto::list_algorithms_of(*der).empty());
  CHECK_FALSE(crypto::convert_value(*der, hex("3006020101020101"), ValueForm::der, ValueForm::raw));
}
