#include "crypto/token/jwk_set.hpp"

#include <doctest/doctest.h>

#include "crypto/token/jwt.hpp"
#include "pss_signer.hpp"

namespace {

// The key of RFC 7517 appendix A.1 and the modulus of its RSA key.
const std::string x = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
const std::string y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";

std::string ec(const std::string& more = "", const std::string& the_y = y) {
  return R"({"kty":"EC","crv":"P-256","x":")" + x + R"(","y":")" + the_y + "\"" + more + "}";
}

TEST_CASE("a key keeps the name that its owner gave it, and has its thumbprint otherwise") {
  const auto named = crypto::parse_jwk(ec(R"(,"kid":"1","use":"sig","alg":"ES256")"));
  REQUIRE(named.has_value());
  CHECK(named->kid == "1");
  const auto nameless = crypto::parse_jwk(ec());
  REQUIRE(nameless.has_value());
  CHECK(nameless->kid == nameless->key.kid());
}

TEST_CASE("a key that must not verify is refused") {
  CHECK_FALSE(crypto::parse_jwk(ec(R"(,"use":"enc")")).has_value());
  CHECK_FALSE(crypto::parse_jwk(ec(R"(,"key_ops":["sign"])")).has_value());
  CHECK(crypto::parse_jwk(ec(R"(,"key_ops":["verify"])")).has_value());
  CHECK_FALSE(crypto::parse_jwk(ec(R"(,"alg":"HS256")")).has_value());
  CHECK_FALSE(crypto::parse_jwk(ec(R"(,"alg":"RS256")")).has_value());
  CHECK_FALSE(crypto::parse_jwk(ec(R"(,"d":"AA")")).has_value());
  CHECK_FALSE(crypto::parse_jwk(ec(R"(,"x":"AA")")).has_value());
  CHECK_FALSE(crypto::parse_jwk(ec(R"(,"kid":7)")).has_value());
  CHECK_FALSE(crypto::parse_jwk(R"({"kty":"oct","k":"AAAA"})").has_value());
  CHECK_FALSE(crypto::parse_jwk(R"({"kty":"RSA","n":"AQAB","e":"AQAB"})").has_value());
}

TEST_CASE("a point beside the curve is refused") {
  CHECK_FALSE(crypto::parse_jwk(ec("", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyQ")).has_value());
  CHECK_FALSE(crypto::parse_jwk(ec("", x)).has_value());
}

TEST_CASE("keys of a set that cannot be used here are passed over; a name may stand for one key only") {
  const auto set =
      crypto::parse_jwk_set(R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"},)" + ec(R"(,"kid":"1")") + "]}");
  REQUIRE(set.has_value());
  CHECK(set->size() == 1);
  CHECK_FALSE(
      crypto::parse_jwk_set(R"({"keys":[)" + ec(R"(,"kid":"1")") + "," + ec(R"(,"kid":"1")") + "]}").has_value());
  CHECK_FALSE(crypto::parse_jwk_set(R"({"keys":{}})").has_value());
  CHECK_FALSE(crypto::parse_jwk_set("[]").has_value());
}

TEST_CASE("a token is verified with the set that its issuer published, and with no other") {
  for (const auto algorithm : {crypto::Algorithm::es256, crypto::Algorithm::rs256}) {
    const auto key = crypto::SigningKey::generate(algorithm).value();
    const auto other = crypto::SigningKey::generate(algorithm).value();
    const std::string token = crypto::sign_jwt(key, "JWT", R"({"sub":"1"})").value();
    const auto ours = crypto::parse_jwk_set(R"({"keys":[)" + key.public_jwk() + "]}").value();
    const auto theirs = crypto::parse_jwk_set(R"({"keys":[)" + other.public_jwk() + "]}").value();
    CHECK(crypto::verify_foreign_jwt(ours, "JWT", token).value() == R"({"sub":"1"})");
    CHECK_FALSE(crypto::verify_foreign_jwt(theirs, "JWT", token).has_value());
    CHECK_FALSE(crypto::verify_foreign_jwt(ours, "logout+jwt", token).has_value());
  }
}

TEST_CASE(
    "a token without kid is verified with the only key of its algorithm, never with one of several or one of ours") {
  const auto key = crypto::SigningKey::generate(crypto::Algorithm::es256).value();
  const auto other = crypto::SigningKey::generate(crypto::Algorithm::es256).value();
  const std::string input = base::to_base64url(R"({"alg":"ES256"})") + "." + base::to_base64url(R"({"sub":"1"})");
  const std::string token = input + "." + base::to_base64url(key.sign(input).value());
  const auto one = crypto::parse_jwk_set(R"({"keys":[)" + key.public_jwk() + "]}").value();
  const auto two = crypto::parse_jwk_set(R"({"keys":[)" + key.public_jwk() + "," + other.public_jwk() + "]}").value();
  CHECK(crypto::verify_foreign_jwt(one, "JWT", token).has_value());
  CHECK_FALSE(crypto::verify_foreign_jwt(two, "JWT", token).has_value());
  CHECK_FALSE(crypto::verify_jwt(std::vector{key}, "JWT", token).has_value());
}

TEST_CASE("an RSA key whose owner says PS256 verifies that, and the same key without a word RS256: never both") {
  const testing::PssSigner signer;
  const auto ps256 = crypto::parse_jwk_set(R"({"keys":[)" + signer.jwk(R"(,"kid":"1","alg":"PS256")") + "]}").value();
  const auto rs256 = crypto::parse_jwk_set(R"({"keys":[)" + signer.jwk(R"(,"kid":"1")") + "]}").value();
  const auto is_accepted = [](const std::vector<crypto::Jwk>& keys, const std::string& token) {
    return crypto::verify_foreign_jwt(keys, "JWT", token).has_value();
  };
  const std::string payload = R"({"sub":"1"})";
  const std::string by_ps = R"({"alg":"PS256","kid":"1"})";
  const std::string by_rs = R"({"alg":"RS256","kid":"1"})";
  CHECK(is_accepted(ps256, signer.token(by_ps, payload)));
  CHECK(is_accepted(ps256, signer.token(R"({"alg":"PS256"})", payload)));
  CHECK(is_accepted(rs256, signer.token(by_rs, payload, -1)));
  CHECK_FALSE(is_accepted(rs256, signer.token(by_ps, payload)));
  CHECK_FALSE(is_accepted(ps256, signer.token(by_rs, payload, -1)));
  // The name of one algorithm, the signature of the other.
  CHECK_FALSE(is_accepted(ps256, signer.token(by_ps, payload, -1)));
  CHECK_FALSE(is_accepted(rs256, signer.token(by_rs, payload)));
  // RFC 7518 3.5: the salt is as long as the digest.
  for (const int salt : {0, 20, 64}) CHECK_FALSE(is_accepted(ps256, signer.token(by_ps, payload, salt)));
  const testing::PssSigner stranger;
  CHECK_FALSE(is_accepted(ps256, stranger.token(by_ps, payload)));
  CHECK_FALSE(crypto::parse_algorithm("PS256").has_value());
}

}  // namespace
