#include "crypto/certificate/key_pair.hpp"

#include <doctest/doctest.h>

#include "unit/crypto/certificate/issuing.hpp"

using testing::key_of;

TEST_CASE("a key of each kind comes back from PKCS#8 and PEM") {
  for (const crypto::KeyKind kind : crypto::all_key_kinds) {
    CAPTURE(crypto::name_of(kind));
    const auto& key = key_of(kind);
    CHECK(key.kind() == kind);
    CHECK(crypto::parse_key_kind(crypto::name_of(kind)).value() == kind);
    const base::Secret pkcs8 = key.to_pkcs8().value();
    const auto again = crypto::KeyPair::from_pkcs8(pkcs8);
    REQUIRE(again);
    CHECK(again->public_key() == key.public_key());
    CHECK(key.to_pem().value().reveal().starts_with("-----BEGIN PRIVATE KEY-----"));
    const auto facts = crypto::judge_key(key.public_key()).value();
    CHECK_FALSE(facts.is_weak);
    CHECK(facts.algorithm != "?");
  }
}

TEST_CASE("what is no key, has octets behind it, or names no kind is refused") {
  CHECK_FALSE(crypto::parse_key_kind("rsa-1024"));
  CHECK_FALSE(crypto::KeyPair::from_pkcs8(base::Secret("")));
  CHECK_FALSE(crypto::KeyPair::from_pkcs8(base::Secret("not a key")));
  const base::Secret pkcs8 = key_of(crypto::KeyKind::ec_p256).to_pkcs8().value();
  CHECK_FALSE(crypto::KeyPair::from_pkcs8(base::Secret(std::string(pkcs8.reveal()) + "x")));
  CHECK_FALSE(crypto::judge_key("not a key"));
  CHECK_FALSE(crypto::judge_key(key_of(crypto::KeyKind::ec_p256).public_key() + "x"));
}
