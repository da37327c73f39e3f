#include "demo/token_check.hpp"

#include <doctest/doctest.h>

#include "crypto/token/jwt.hpp"

namespace {

const base::Time now = base::from_seconds(1'800'000'000);
const demo::Expected expected{"http://localhost:8080", "demo-portal"};

const crypto::SigningKey& signing_key() {
  static const auto key = crypto::SigningKey::generate(crypto::Algorithm::es256).value();
  return key;
}
const std::vector<crypto::Jwk>& keys() {
  static const auto set = crypto::parse_jwk_set(R"({"keys":[)" + signing_key().public_jwk() + "]}").value();
  return set;
}
std::string sign(const std::string& type, const std::string& claims) {
  return crypto::sign_jwt(signing_key(), type, claims).value();
}

const std::string frame =
    R"("iss":"http://localhost:8080","aud":"demo-portal","iat":1800000000,"exp":1800000600,"sub":"s","sid":"1")";

bool is_login(const std::string& claims, const std::string& type = "JWT", const std::string& nonce = "n") {
  return demo::check_id_token(keys(), sign(type, "{" + claims + "}"), expected, nonce, now).has_value();
}
bool is_logout(const std::string& claims, const std::string& type = "logout+jwt") {
  return demo::check_logout_token(keys(), sign(type, "{" + claims + "}"), expected, now).has_value();
}

std::string replace(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

const std::string event = R"("events":{"http://schemas.openid.net/event/backchannel-logout":{}},"jti":"j")";

TEST_CASE("an ID token for this application and this login is taken") {
  const std::string claims =
      "{" + frame + R"(,"nonce":"n","name":"Anna Kowalska","context":{"id":"user","name":"Ordinary user"}})";
  const auto person = demo::check_id_token(keys(), sign("JWT", claims), expected, "n", now);
  REQUIRE(person.has_value());
  CHECK(person->name == "Anna Kowalska");
  CHECK(person->context == "user");
  CHECK(person->session == "1");
}

TEST_CASE("an ID token of another issuer, application, login or time is refused") {
  const std::string good = frame + R"(,"nonce":"n")";
  CHECK(is_login(good));
  CHECK_FALSE(is_login(good, "logout+jwt"));
  CHECK_FALSE(is_login(good, "at+jwt"));
  CHECK_FALSE(is_login(good, "JWT", "other"));
  CHECK_FALSE(is_login(frame));
  CHECK_FALSE(is_login(frame, "JWT", ""));
  CHECK_FALSE(is_login(replace(good, "localhost:8080", "localhost:8081")));
  CHECK_FALSE(is_login(replace(good, "demo-portal", "demo-lab")));
  CHECK_FALSE(is_login(replace(good, R"("demo-portal")", R"(["demo-portal","demo-lab"])")));
  CHECK_FALSE(is_login(replace(good, "1800000600", "1799999000")));
  CHECK_FALSE(is_login(replace(good, R"("iat":1800000000)", R"("iat":1800000900)")));
  CHECK_FALSE(is_login(replace(good, R"("sub":"s")", R"("sub":"")")));
  CHECK_FALSE(is_login(good + "," + event));
}

TEST_CASE("a token signed by a key of another algorithm is refused") {
  const auto rsa = crypto::SigningKey::generate(crypto::Algorithm::rs256).value();
  const auto set = crypto::parse_jwk_set(R"({"keys":[)" + rsa.public_jwk() + "]}").value();
  const std::string token = crypto::sign_jwt(rsa, "JWT", "{" + frame + R"(,"nonce":"n"})").value();
  CHECK_FALSE(demo::check_id_token(set, token, expected, "n", now).has_value());
}

TEST_CASE("a logout token is taken only whole: event, jti, no nonce, a session or a subject") {
  const std::string good = frame + "," + event;
  CHECK(is_logout(good));
  CHECK_FALSE(is_logout(good, "JWT"));
  CHECK_FALSE(is_logout(frame));
  CHECK_FALSE(is_logout(good + R"(,"nonce":"n")"));
  CHECK_FALSE(is_logout(replace(good, R"("jti":"j")", R"("jti":"")")));
  CHECK_FALSE(is_logout(replace(good, ":{}", ":true")));
  CHECK_FALSE(is_logout(replace(good, R"("sub":"s","sid":"1")", R"("sub":"","sid":"")")));
  CHECK_FALSE(is_logout(replace(good, "demo-portal", "demo-lab")));
  CHECK_FALSE(is_logout(replace(good, "1800000600", "1799999000")));
}

}  // namespace
