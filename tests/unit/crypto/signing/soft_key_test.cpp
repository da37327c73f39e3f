#include "crypto/signing/soft_key.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <thread>

#include "crypto/certificate/certificate_request.hpp"
#include "crypto/certificate/key_pair.hpp"
#include "crypto/signing/signing_request.hpp"

using crypto::SignatureScheme;
using crypto::SoftKey;
using crypto::SoftKeyKind;

namespace {

const SoftKey& key_of(SoftKeyKind kind) {
  static std::map<SoftKeyKind, SoftKey> keys;
  const auto known = keys.find(kind);
  if (known != keys.end()) return known->second;
  return keys.emplace(kind, SoftKey::generate(kind).value()).first->second;
}

}  // namespace

TEST_CASE("each kind of key signs by each of its algorithms what its public part verifies") {
  for (const SoftKeyKind kind : crypto::all_soft_key_kinds) {
    CAPTURE(crypto::name_of(kind));
    const SoftKey& key = key_of(kind);
    CHECK(crypto::find_soft_key_kind(key.public_key()) == kind);
    CHECK(crypto::parse_soft_key_kind(crypto::name_of(kind)).value() == kind);
    const auto algorithms = crypto::list_algorithms_of(key.public_key());
    CHECK(algorithms.size() == (crypto::name_of(kind).starts_with("rsa") ? 6 : 3));
    for (const auto algorithm : algorithms) {
      const auto value = key.sign(algorithm, "a document");
      REQUIRE(value);
      CHECK(crypto::verify_signature(key.public_key(), algorithm, "a document", *value, crypto::ValueForm::der));
      CHECK_FALSE(crypto::verify_signature(key.public_key(), algorithm, "a Document", *value, crypto::ValueForm::der));
      if (algorithm.scheme == SignatureScheme::ecdsa) {
        const auto raw =
            crypto::convert_value(key.public_key(), *value, crypto::ValueForm::der, crypto::ValueForm::raw);
        REQUIRE(raw);
        CHECK(crypto::verify_signature(key.public_key(), algorithm, "a document", *raw, crypto::ValueForm::raw));
      }
    }
    const auto again = SoftKey::from_pkcs8(key.to_pkcs8().value());
    REQUIRE(again);
    CHECK(again->public_key() == key.public_key());
  }
}

TEST_CASE("no key signs by MD5 or SHA-1, or by a scheme that is not its own") {
  const SoftKey& curve = key_of(SoftKeyKind::ec_p256);
  const SoftKey& rsa = key_of(SoftKeyKind::rsa_2048);
  for (const auto digest : {crypto::DigestKind::md5, crypto::DigestKind::sha1, crypto::DigestKind::sha224}) {
    CHECK(curve.sign({SignatureScheme::ecdsa, digest}, "x").error().code == base::Code::invalid_input);
    CHECK(rsa.sign({SignatureScheme::rsa_pkcs1, digest}, "x").error().code == base::Code::invalid_input);
  }
  CHECK_FALSE(curve.sign({SignatureScheme::rsa_pss, crypto::DigestKind::sha256}, "x"));
  CHECK_FALSE(rsa.sign({SignatureScheme::ecdsa, crypto::DigestKind::sha256}, "x"));
}

TEST_CASE("a key on a curve signs at first with the digest that is as strong as the curve") {
  CHECK(name_of(crypto::list_algorithms_of(key_of(SoftKeyKind::ec_p256).public_key()).front()) == "ecdsa-sha256");
  CHECK(name_of(crypto::list_algorithms_of(key_of(SoftKeyKind::brainpool_p384).public_key()).front()) ==
        "ecdsa-sha384");
  CHECK(name_of(crypto::list_algorithms_of(key_of(SoftKeyKind::ec_p521).public_key()).front()) == "ecdsa-sha512");
  CHECK(name_of(crypto::list_algorithms_of(key_of(SoftKeyKind::rsa_2048).public_key()).front()) == "rsa-pkcs1-sha256");
}

TEST_CASE("octets that are no key, or a key with octets behind it, are refused") {
  const base::Secret right = key_of(SoftKeyKind::ec_p256).to_pkcs8().value();
  CHECK(SoftKey::from_pkcs8(base::Secret("")).error().code == base::Code::invalid_input);
  CHECK(SoftKey::from_pkcs8(base::Secret("no key")).error().code == base::Code::invalid_input);
  CHECK(SoftKey::from_pkcs8(base::Secret(std::string(right.reveal()) + "x")).error().code == base::Code::invalid_input);
  CHECK_FALSE(SoftKey::from_pkcs8(base::Secret(std::string(right.reveal().substr(0, right.size() - 1)))));
  // Its private number with the public point of another key: relying parties would find no signature right.
  const base::Secret other = SoftKey::generate(SoftKeyKind::ec_p256).value().to_pkcs8().value();
  constexpr std::size_t point = 64;
  const std::string mixed = std::string(right.reveal().substr(0, right.size() - point)) +
                            std::string(other.reveal().substr(other.size() - point));
  CHECK_FALSE(SoftKey::from_pkcs8(base::Secret(mixed)));
}

TEST_CASE("one key signs in many threads at once") {
  const SoftKey& key = key_of(SoftKeyKind::ec_p256);
  const auto algorithm = crypto::list_algorithms_of(key.public_key()).front();
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 50; ++n) {
        const std::string text = std::to_string(i) + "/" + std::to_string(n);
        const auto value = key.sign(algorithm, text);
        if (value && crypto::verify_signature(key.public_key(), algorithm, text, *value, crypto::ValueForm::der))
          ++right;
      }
    });
  }
  for (std::thread& one : threads) one.join();
  CHECK(right == 200);
}

TEST_CASE("a request for a certificate is made in two steps, is signed by its own key, and has the names") {
  crypto::RequestSubject subject;
  subject.common_name = "Łucja Żak";
  subject.given_name = "Łucja";
  subject.family_name = "Żak";
  subject.serial_number = "PNOPL-44051401359";
  subject.country = "PL";
  for (const SoftKeyKind kind :
       {SoftKeyKind::ec_p256, SoftKeyKind::ec_p521, SoftKeyKind::brainpool_p384, SoftKeyKind::rsa_2048}) {
    CAPTURE(crypto::name_of(kind));
    const SoftKey& key = key_of(kind);
    const auto request = crypto::make_signing_request(
        key.public_key(), subject,
        [&](crypto::SignatureAlgorithm algorithm, base::BytesView octets) { return key.sign(algorithm, octets); });
    REQUIRE_MESSAGE(request, base::describe(request.error()));
    const auto read = crypto::read_certificate_request(*request);
    REQUIRE_MESSAGE(read, base::describe(read.error()));
    CHECK(read->public_key == key.public_key());
    CHECK(read->common_name == "Łucja Żak");
    CHECK(read->subject.find("PNOPL-44051401359") != std::string::npos);
  }
  const SoftKey& key = key_of(SoftKeyKind::ec_p256);
  const SoftKey& other = key_of(SoftKeyKind::brainpool_p256);
  const auto by_another = crypto::make_signing_request(
      key.public_key(), subject,
      [&](crypto::SignatureAlgorithm algorithm, base::BytesView octets) { return other.sign(algorithm, octets); });
  CHECK(by_another.error().code == base::Code::invalid_input);
  const auto refused = crypto::make_signing_request(
      key.public_key(), subject, [&](crypto::SignatureAlgorithm, base::BytesView) -> base::Result<base::Bytes> {
        return base::fail(base::Code::unavailable, "the token is gone");
      });
  CHECK(refused.error().code == base::Code::unavailable);
  subject.country = "Poland";
  const auto long_country = crypto::make_signing_request(
      key.public_key(), subject,
      [&](crypto::SignatureAlgorithm algorithm, base::BytesView octets) { return key.sign(algorithm, octets); });
  CHECK(long_country.error().code == base::Code::invalid_input);
}
