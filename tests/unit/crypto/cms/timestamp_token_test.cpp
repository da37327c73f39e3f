#include "crypto/cms/timestamp_token.hpp"

#include <doctest/doctest.h>

#include "crypto/cms/attributes.hpp"
#include "crypto/cms/signed_data.hpp"
#include "unit/crypto/cms/signers.hpp"

using base::Bytes;
using crypto::TimestampFlaw;
using testing::ecdsa_256;
using testing::info_about;
using testing::make_stamper;
using testing::SmallAuthority;
using testing::soft_key_of;

namespace {

const SmallAuthority& authority() {
  static const SmallAuthority one;
  return one;
}
crypto::TimestampSigner stamper() {
  return make_stamper(authority(), soft_key_of(crypto::SoftKeyKind::ec_p256), ecdsa_256);
}
Bytes stamp(const crypto::TimestampInfo& info, const crypto::TimestampSigner& signer, bool with_certificates = true) {
  auto token = crypto::make_timestamp_token(info, signer, with_certificates);
  REQUIRE_MESSAGE(token, base::describe(token.error()));
  return *token;
}
// The token with another certificate in the place of the signer's.
Bytes exchange(const Bytes& token, const Bytes& before, const Bytes& after) {
  const auto read = crypto::cms::read_signed_data(token);
  auto parts = crypto::cms::parts_of(*read).value();
  for (Bytes& one : parts.certificates) one = one == before ? after : one;
  return crypto::cms::make_signed_data(parts);
}

}  // namespace

TEST_CASE("a token says what was stamped, when, by which policy and by whom") {
  for (const auto kind : {crypto::SoftKeyKind::ec_p256, crypto::SoftKeyKind::ec_p384, crypto::SoftKeyKind::rsa_2048,
                          crypto::SoftKeyKind::brainpool_p256}) {
    const crypto::SoftKey& key = soft_key_of(kind);
    for (const crypto::SignatureAlgorithm algorithm : crypto::list_algorithms_of(key.public_key())) {
      const auto signer = make_stamper(authority(), key, algorithm);
      auto info = info_about("a text", crypto::DigestKind::sha512);
      info.nonce = "\x41\x42";
      info.is_ordered = true;
      info.accuracy = {1, 500, 20};
      const auto facts = crypto::read_timestamp_token(stamp(info, signer));
      CHECK_MESSAGE(facts.flaw == TimestampFlaw::none, crypto::name_of(algorithm), " ", facts.reason);
      CHECK(facts.algorithm == algorithm);
      CHECK(facts.certificate == signer.certificate);
      CHECK(facts.certificates.size() == 2);
      CHECK(facts.info.policy == info.policy);
      CHECK(facts.info.digest_kind == crypto::DigestKind::sha512);
      CHECK(facts.info.imprint == info.imprint);
      CHECK(facts.info.serial == info.serial);
      CHECK(facts.info.at == info.at);
      CHECK(facts.info.nonce == info.nonce);
      CHECK(facts.info.is_ordered);
      CHECK(facts.info.accuracy.seconds == 1);
      CHECK(facts.info.accuracy.milliseconds == 500);
      CHECK(facts.info.accuracy.microseconds == 20);
    }
  }
}

TEST_CASE("a token without certificates is judged with those from elsewhere") {
  const auto signer = stamper();
  const Bytes token = stamp(info_about("a text"), signer, false);
  CHECK(crypto::read_timestamp_token(token).flaw == TimestampFlaw::no_certificate);
  CHECK(crypto::read_timestamp_token(token, {authority().issuing}).flaw == TimestampFlaw::no_certificate);
  CHECK(crypto::read_timestamp_token(token, {authority().issuing, signer.certificate}).flaw == TimestampFlaw::none);
}

TEST_CASE("every octet of a token counts") {
  const auto signer = stamper();
  const Bytes token = stamp(info_about("a text"), signer, false);
  for (std::size_t i = 0; i < token.size(); ++i) {
    Bytes altered = token;
    altered[i] = static_cast<char>(altered[i] ^ 0x01);
    const auto facts = crypto::read_timestamp_token(altered, {signer.certificate});
    // The set of digests (RFC 5652 section 5.1) is for readers in one pass, and is not signed.
    const bool is_in_set = i >= token.find('\x31') && i < token.find('\x31') + 20;
    CHECK_MESSAGE((facts.flaw != TimestampFlaw::none || is_in_set), "octet ", i);
  }
  for (std::size_t i = 0; i < token.size(); ++i) {
    CHECK(crypto::read_timestamp_token(token.substr(0, i)).flaw == TimestampFlaw::malformed);
  }
  CHECK(crypto::read_timestamp_token(token + "x").flaw == TimestampFlaw::malformed);
}

TEST_CASE("only a certificate that is for time stamps alone, and says so critically, stamps") {
  const crypto::SoftKey& key = soft_key_of(crypto::SoftKeyKind::ec_p256);
  auto signer = stamper();
  const auto flaw_with = [&](const crypto::CertificateTemplate& wanted) {
    signer.certificate = authority().issue(wanted);
    return crypto::read_timestamp_token(stamp(info_about("a text"), signer)).flaw;
  };
  auto wanted = testing::stamping_template(key);
  CHECK(flaw_with(wanted) == TimestampFlaw::none);
  wanted.is_time_stamp_only = false;  // not critical
  CHECK(flaw_with(wanted) == TimestampFlaw::not_an_authority);
  wanted.is_time_stamp_only = true;
  wanted.extended_uses.push_back(crypto::ExtendedUse::email_protection);
  CHECK(flaw_with(wanted) == TimestampFlaw::not_an_authority);
  wanted.extended_uses = {crypto::ExtendedUse::email_protection};
  CHECK(flaw_with(wanted) == TimestampFlaw::not_an_authority);
  wanted.extended_uses = {};
  CHECK(flaw_with(wanted) == TimestampFlaw::not_an_authority);
}

TEST_CASE(
    "another certificate of the same key, or with the same name and number, is not the one that the token names") {
  const auto signer = stamper();
  const Bytes token = stamp(info_about("a text"), signer);
  auto wanted = testing::stamping_template(soft_key_of(crypto::SoftKeyKind::ec_p256));
  CHECK(crypto::read_timestamp_token(exchange(token, signer.certificate, authority().issue(wanted))).flaw ==
        TimestampFlaw::no_certificate);
  wanted.serial = base::parse_hex(crypto::parse_certificate(signer.certificate)->serial).value();
  const Bytes twin = authority().issue(wanted);
  REQUIRE(twin != signer.certificate);
  CHECK(crypto::read_timestamp_token(exchange(token, signer.certificate, twin)).flaw ==
        TimestampFlaw::wrong_certificate);
}

TEST_CASE("what cannot be a token is not made") {
  const auto signer = stamper();
  const auto is_made = [&](auto change) {
    auto info = info_about("a text");
    change(info);
    return crypto::make_timestamp_token(info, signer, true).has_value();
  };
  CHECK(is_made([](auto&) {}));
  CHECK_FALSE(is_made([](auto& info) { info.imprint.pop_back(); }));
  CHECK_FALSE(is_made([](auto& info) { info.serial.clear(); }));
  CHECK_FALSE(is_made([](auto& info) { info.serial.assign(21, 'x'); }));
  CHECK_FALSE(is_made([](auto& info) { info.policy = "clinic"; }));
  CHECK_FALSE(is_made([](auto& info) { info.nonce = Bytes("\0\x01", 2); }));
  CHECK_FALSE(is_made([](auto& info) { info.accuracy.milliseconds = 1000; }));
}
