#include "flow/house/key_ring.hpp"

#include <doctest/doctest.h>

#include "crypto/token/jwt.hpp"
#include "flow/house_fixture.hpp"
#include "store/oauth/keys.hpp"

using namespace std::chrono_literals;
using crypto::Algorithm;
using testing::HouseFixture;

TEST_CASE("the first start makes and publishes a key of each algorithm, a second start takes them") {
  HouseFixture f;
  flow::KeyRing again(*f.store);
  REQUIRE(again.load(f.now));
  CHECK(again.verifiers()->size() == 2);
  CHECK(again.jwks()->find("\"ES256\"") != std::string::npos);
  CHECK(again.jwks()->find("\"RS256\"") != std::string::npos);
  CHECK(*again.jwks() == *f.keys->jwks());
  CHECK(f.events("key_create").size() == 2);
  CHECK(again.find_signer(Algorithm::es256, f.now)->kid() == f.keys->find_signer(Algorithm::es256, f.now)->kid());
  CHECK(f.keys->jwks()->find("\"d\"") == std::string::npos);
}

TEST_CASE("a token of a key that another node made is understood at once, but not more than one look a second") {
  HouseFixture f;
  flow::KeyRing other(*f.store);
  REQUIRE(other.load(f.now));
  f.now += 1s;
  REQUIRE(f.keys->load(f.now));
  REQUIRE(other.prepare_next(f.now));
  const auto keys = other.verifiers();
  const auto token = crypto::sign_jwt(keys->back(), "JWT", R"({"sub":"x"})");
  REQUIRE(token);
  CHECK_FALSE(f.keys->verify("JWT", *token, f.now));
  f.now += 1s;
  CHECK(f.keys->verify("JWT", *token, f.now));
}

TEST_CASE("of two active keys of one algorithm every node signs with the older, and publishes both") {
  HouseFixture f;
  const auto older = crypto::SigningKey::generate(Algorithm::es256).value();
  store::SigningKeyRow row;
  row.kid = older.kid();
  row.algorithm = "ES256";
  row.pkcs8 = older.to_pkcs8().value();
  row.state = "active";
  row.created_at = f.now - 1h;
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::insert_signing_key(tx, row); }));
  f.now += 61s;
  CHECK(f.keys->find_signer(Algorithm::es256, f.now)->kid() == older.kid());
  CHECK(f.keys->verifiers()->size() == 3);
}

TEST_CASE("a revoked key neither signs nor verifies") {
  HouseFixture f;
  const auto old = f.keys->find_signer(Algorithm::es256, f.now).value();
  const auto token = crypto::sign_jwt(old, "JWT", R"({"sub":"x"})").value();
  REQUIRE(f.keys->verify("JWT", token, f.now));
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::set_key_state(tx, old.kid(), "revoked", f.now); }));
  REQUIRE(f.keys->load(f.now));
  CHECK_FALSE(f.keys->verify("JWT", token, f.now));
  CHECK(f.keys->find_signer(Algorithm::es256, f.now)->kid() != old.kid());
}
