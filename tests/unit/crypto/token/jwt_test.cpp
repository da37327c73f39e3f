#include "crypto/token/jwt.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "crypto/digest/digest.hpp"
#include "crypto/token/strict_json.hpp"

using crypto::Algorithm;
using crypto::SigningKey;

namespace {

const std::vector<SigningKey>& keys() {
  static const std::vector<SigningKey> made{SigningKey::generate(Algorithm::es256).value(),
                                            SigningKey::generate(Algorithm::rs256).value()};
  return made;
}
const SigningKey& es() {
  return keys()[0];
}
const SigningKey& rs() {
  return keys()[1];
}

// A token with any header and payload, with a valid signature of `key`.
std::string forge(const SigningKey& key, std::string_view header, std::string_view payload = R"({"sub":"a"})") {
  const std::string input = base::to_base64url(header) + "." + base::to_base64url(payload);
  return input + "." + base::to_base64url(key.sign(input).value());
}

std::string header_of(const SigningKey& key, std::string_view algorithm, std::string_view more = "") {
  return R"({"alg":")" + std::string(algorithm) + R"(","kid":")" + key.kid() + R"(","typ":"at+jwt")" +
         std::string(more) + "}";
}

bool accepted(std::string_view token, std::string_view type = "at+jwt") {
  const auto verified = crypto::verify_jwt(keys(), type, token);
  if (!verified) CHECK(verified.error().code == base::Code::invalid_input);
  return verified.has_value();
}

std::string nested(std::size_t depth) {
  return R"({"a":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
}

}  // namespace

TEST_CASE("a token that was signed is verified and gives its claims back") {
  for (const auto& key : keys()) {
    const std::string claims = R"({"sub":"Zażółć","aud":["a","b"],"exp":1})";
    const auto token = crypto::sign_jwt(key, "at+jwt", claims).value();
    CHECK(crypto::verify_jwt(keys(), "at+jwt", token).value() == claims);
    CHECK(crypto::verify_jwt(keys(), "application/AT+JWT", token).value() == claims);
    CHECK(accepted(forge(key, header_of(key, crypto::name_of(key.algorithm())))));
  }
}

TEST_CASE("a token of another type is refused, and only JWT may be unsaid") {
  const auto token = crypto::sign_jwt(es(), "JWT", "{}").value();
  CHECK(accepted(token, "JWT"));
  CHECK_FALSE(accepted(token, "at+jwt"));
  CHECK_FALSE(accepted(token, "logout+jwt"));
  const auto untyped = forge(es(), R"({"alg":"ES256","kid":")" + es().kid() + "\"}");
  CHECK(accepted(untyped, "JWT"));
  CHECK_FALSE(accepted(untyped, "at+jwt"));
  const auto odd = forge(es(), R"({"alg":"ES256","typ":7,"kid":")" + es().kid() + "\"}");
  CHECK_FALSE(accepted(odd, "JWT"));
}

TEST_CASE("algorithm confusion: a token whose alg is not its key's is refused") {
  const std::string payload = base::to_base64url(R"({"sub":"a"})");
  for (const char* none : {"none", "None", "NONE", "nOnE", ""}) {
    const std::string input = base::to_base64url(header_of(es(), none)) + "." + payload;
    CHECK_FALSE(accepted(input + "."));
    CHECK_FALSE(accepted(input + "." + base::to_base64url(es().sign(input).value())));
  }
  // HMAC with a key that is public: the public key in each of its encodings.
  for (const auto& key : keys()) {
    for (const char* algorithm : {"HS256", "ES256", "RS256"}) {
      const std::string input = base::to_base64url(header_of(key, algorithm)) + "." + payload;
      CHECK_FALSE(
          accepted(input + "." + base::to_base64url(crypto::hmac_sha256(base::Secret(key.public_jwk()), input))));
      CHECK_FALSE(accepted(input + "." + base::to_base64url(crypto::hmac_sha256(base::Secret(), input))));
    }
  }
  CHECK_FALSE(accepted(forge(es(), header_of(es(), "RS256"))));
  CHECK_FALSE(accepted(forge(rs(), header_of(rs(), "ES256"))));
  CHECK_FALSE(accepted(forge(rs(), header_of(rs(), "PS256"))));
  CHECK_FALSE(accepted(forge(es(), header_of(es(), "es256"))));
  CHECK_FALSE(accepted(forge(es(), header_of(es(), "ES256K"))));
  // Signed with one of our keys, but the header names the other one.
  CHECK_FALSE(accepted(forge(rs(), header_of(es(), "ES256"))));
  CHECK_FALSE(accepted(forge(rs(), header_of(es(), "RS256"))));
}

TEST_CASE("the header cannot bring its own key") {
  const auto foreign = SigningKey::generate(Algorithm::es256).value();
  const std::string jwk = R"(,"jwk":)" + foreign.public_jwk();
  CHECK_FALSE(accepted(forge(foreign, header_of(foreign, "ES256", jwk))));
  CHECK_FALSE(accepted(forge(foreign, header_of(es(), "ES256", jwk))));
  for (const char* more : {R"(,"jwk":{})", R"(,"jku":"https://evil.example/jwks")", R"(,"x5u":"https://evil.example/")",
                           R"(,"x5c":["MIIB"])", R"(,"crit":["exp"],"exp":1)", R"(,"crit":[])", R"(,"b64":false)",
                           R"(,"zip":"DEF")", R"(,"jk\u0075":"https://evil.example/jwks")", R"(,"jwk":null)"}) {
    CAPTURE(more);
    CHECK_FALSE(accepted(forge(es(), header_of(es(), "ES256", more))));
  }
}

TEST_CASE("a kid that is missing, unknown or an attack finds no key") {
  CHECK_FALSE(accepted(forge(es(), R"({"alg":"ES256","typ":"at+jwt"})")));
  for (const std::string& kid :
       {std::string("\"\""), std::string("\"../../dev/null\""), std::string("\"' OR 1=1 --\""), std::string("null"),
        std::string("0"), "[\"" + es().kid() + "\"]", "\"" + es().kid() + "\\u0000\"", "\" " + es().kid() + "\""}) {
    CAPTURE(kid);
    CHECK_FALSE(accepted(forge(es(), R"({"alg":"ES256","typ":"at+jwt","kid":)" + kid + "}")));
  }
  CHECK_FALSE(crypto::verify_jwt({}, "at+jwt", crypto::sign_jwt(es(), "at+jwt", "{}").value()));
}

TEST_CASE("doubled members are refused in header and payload, however they are spelled") {
  for (const char* more : {R"(,"alg":"ES256")", R"(,"alg":"none")", R"(,"\u0061lg":"ES256")", R"(,"typ":"at+jwt")",
                           R"(,"x":{"y":1,"y":2})"}) {
    CAPTURE(more);
    CHECK_FALSE(accepted(forge(es(), header_of(es(), "ES256", more))));
  }
  const std::string header = header_of(es(), "ES256");
  for (const char* payload : {R"({"sub":"a","sub":"b"})", R"({"sub":"a","s\u0075b":"b"})",
                              R"({"act":{"sub":1,"sub":1}})", R"({"a":[{"b":1,"c":2,"b":3}]})"}) {
    CAPTURE(payload);
    CHECK_FALSE(accepted(forge(es(), header, payload)));
  }
  CHECK(accepted(forge(es(), header, R"({"sub":"a","act":{"sub":"a"},"list":[{"sub":1},{"sub":2}]})")));
}

TEST_CASE("payloads that are no JSON object, too deep or not UTF-8 are refused") {
  const std::string header = header_of(es(), "ES256");
  CHECK(accepted(forge(es(), header, nested(32))));
  CHECK_FALSE(accepted(forge(es(), header, nested(33))));
  CHECK_FALSE(accepted(forge(es(), header, nested(5000))));
  for (const char* payload : {"", "[]", "\"a\"", "1", "null", "{", "{}x", "{} {}", "{'a':1}", "{\"a\":1,}",
                              "{\"a\":NaN}", "{\"a\":\"\xff\"}", "/**/{}", "{\"a\":01}", "\xef\xbb\xbf{}"}) {
    CAPTURE(payload);
    CHECK_FALSE(accepted(forge(es(), header, payload)));
  }
}

TEST_CASE("every spelling of a token but the one that was signed is refused") {
  const auto token = crypto::sign_jwt(es(), "at+jwt", R"({"sub":"a"})").value();
  const auto first = token.find('.');
  const auto second = token.find('.', first + 1);
  const std::string header = token.substr(0, first);
  const std::string payload = token.substr(first + 1, second - first - 1);
  const std::string signature = token.substr(second + 1);
  REQUIRE(accepted(token));
  for (const std::string& bad : {std::string(),
                                 std::string("."),
                                 std::string(".."),
                                 std::string("..."),
                                 header,
                                 header + "." + payload,
                                 header + "." + payload + ".",
                                 token + ".",
                                 token + ".x",
                                 "." + token,
                                 token + "=",
                                 token + "==",
                                 token + "\n",
                                 " " + token,
                                 token + " ",
                                 token + '\0',
                                 header + "=." + payload + "." + signature,
                                 header + "." + payload + "=." + signature,
                                 header + ".." + signature,
                                 "." + payload + "." + signature,
                                 header + "\n." + payload + "." + signature,
                                 token + "A",
                                 token.substr(0, token.size() - 1),
                                 header + "." + payload + "A." + signature,
                                 token + "." + payload + "." + signature + "." + header}) {
    CAPTURE(bad);
    CHECK_FALSE(accepted(bad));
  }
  // base64url has 62 and 63 as - and _; the last character of 64 octets has four spare bits.
  std::string spare = token;
  spare.back() = spare.back() == 'A' ? 'B' : static_cast<char>(spare.back() + 1);
  CHECK_FALSE(accepted(spare));
}

TEST_CASE("tokens and headers over the limit are refused before any work") {
  CHECK_FALSE(accepted(std::string(17'000, 'A')));
  CHECK_FALSE(accepted(crypto::sign_jwt(es(), "at+jwt", "{\"a\":\"" + std::string(13'000, 'x') + "\"}").value()));
  CHECK(accepted(crypto::sign_jwt(es(), "at+jwt", "{\"a\":\"" + std::string(11'000, 'x') + "\"}").value()));
  CHECK_FALSE(accepted(forge(es(), header_of(es(), "ES256", R"(,"x":")" + std::string(3000, 'x') + "\""))));
}

TEST_CASE("what cannot be a token is not signed") {
  CHECK_FALSE(crypto::sign_jwt(es(), "", "{}"));
  CHECK_FALSE(crypto::sign_jwt(es(), "JWT\",\"jwk\":\"", "{}"));
  CHECK_FALSE(crypto::sign_jwt(es(), "JWT", "[]"));
  CHECK_FALSE(crypto::sign_jwt(es(), "JWT", ""));
}

TEST_CASE("the outline of an object has its own members and not those of inner ones") {
  const auto outline =
      crypto::outline_object(R"({"a":"x","b":{"c":"y"},"d":["z"],"e":1,"f":null,"g\u0041":"\u00e9"})").value();
  CHECK(outline.members.size() == 6);
  CHECK(*outline.find_text("a") == "x");
  CHECK(*outline.find_text("gA") == "é");
  CHECK(outline.has("b"));
  CHECK(outline.find_text("b") == nullptr);
  CHECK(outline.find_text("d") == nullptr);
  CHECK(outline.find_text("e") == nullptr);
  CHECK_FALSE(outline.has("c"));
  CHECK_FALSE(outline.has("z"));
}
