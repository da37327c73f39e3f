// private_key_jwt: what authenticates a client, and every way in which a JWT does not.
#include "flow/client/client_assertion.hpp"

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "crypto/token/jwt.hpp"
#include "flow/client/authenticate_client.hpp"
#include "flow/oidc_fixture.hpp"
#include "pss_signer.hpp"

using namespace std::chrono_literals;
using testing::OidcFixture;

namespace {

const crypto::SigningKey& key_of(crypto::Algorithm algorithm) {
  static const auto es256 = crypto::SigningKey::generate(crypto::Algorithm::es256).value();
  static const auto rs256 = crypto::SigningKey::generate(crypto::Algorithm::rs256).value();
  return algorithm == crypto::Algorithm::es256 ? es256 : rs256;
}
const crypto::SigningKey& stranger() {
  static const auto key = crypto::SigningKey::generate(crypto::Algorithm::es256).value();
  return key;
}

std::string set_of(const std::vector<const crypto::SigningKey*>& keys) {
  base::JsonArray list;
  for (const auto* key : keys) list.raw(key->public_jwk());
  return base::JsonObject().raw("keys", list.finish()).finish();
}

struct Claims {
  std::string iss = "machine";
  std::string sub = "machine";
  std::string aud = R"("http://localhost:8080")";  // JSON
  std::string jti = "j-1";
  std::optional<base::Duration> exp = 60s;  // from now
  std::optional<base::Duration> iat = 0s;
  std::optional<base::Duration> nbf{};
};

struct AssertionFixture : OidcFixture {
  AssertionFixture() {
    rights::Client client = rights::draft_client(rights::ClientKind::machine);
    client.client_id = "machine";
    client.name = "Machine";
    client.auth = rights::ClientAuth::private_key_jwt;
    client.jwks = set_of({&key_of(crypto::Algorithm::es256), &key_of(crypto::Algorithm::rs256)});
    add_client(client, "");
  }

  std::string print(const Claims& claims) {
    base::JsonObject out;
    out.text_if("iss", claims.iss).text_if("sub", claims.sub).raw("aud", claims.aud).text_if("jti", claims.jti);
    if (claims.exp) out.number("exp", base::to_seconds(now + *claims.exp));
    if (claims.iat) out.number("iat", base::to_seconds(now + *claims.iat));
    if (claims.nbf) out.number("nbf", base::to_seconds(now + *claims.nbf));
    return out.finish();
  }
  std::string sign(const Claims& claims, const crypto::SigningKey& key = key_of(crypto::Algorithm::es256),
                   const std::string& type = "JWT") {
    return crypto::sign_jwt(key, type, print(claims)).value();
  }
  std::string reason_of(const std::string& assertion, const std::string& client_id = "machine") {
    const auto found = store->write([&](store::Tx& tx) {
      return flow::authenticate_client(*house, tx, {flow::ClientMethod::assertion, client_id, {}, assertion}, now);
    });
    REQUIRE_MESSAGE(found, base::describe(found.error()));
    return std::string(found->reason.view());
  }
  /// With a `jti` of its own.
  std::string reason_with(Claims claims) {
    claims.jti = "j-" + std::to_string(++count_);
    return reason_of(sign(claims));
  }

 private:
  int count_ = 0;
};

/// header.payload.signature, without a signature of anybody.
std::string compose(const std::string& header, const std::string& claims, const std::string& signature) {
  return base::to_base64url(header) + "." + base::to_base64url(claims) + "." + base::to_base64url(signature);
}

}  // namespace

TEST_CASE("a client authenticates by a JWT that one of its keys has signed, with either algorithm") {
  AssertionFixture f;
  CHECK(f.reason_of(f.sign({.jti = "a"})).empty());
  CHECK(f.reason_of(f.sign({.jti = "b"}, key_of(crypto::Algorithm::rs256))).empty());
  CHECK(f.reason_of(f.sign({.jti = "c"}, key_of(crypto::Algorithm::es256), "client-authentication+jwt")).empty());
  CHECK(flow::find_asserted_client(f.sign({})) == "machine");
}

TEST_CASE("a client whose key is of PS256 authenticates with it, and not with RS256 by the same key") {
  AssertionFixture f;
  const testing::PssSigner signer;
  f.change_client("machine", [&](rights::Client& client) {
    client.jwks = R"({"keys":[)" + signer.jwk(R"(,"kid":"1","alg":"PS256")") + "]}";
  });
  CHECK(f.reason_of(signer.token(R"({"alg":"PS256","kid":"1"})", f.print({.jti = "p"}))).empty());
  CHECK(f.reason_of(signer.token(R"({"alg":"RS256","kid":"1"})", f.print({.jti = "r"}), -1)) == "assertion_not_signed");
}

TEST_CASE("an assertion counts once, and another client may have the same jti") {
  AssertionFixture f;
  const std::string assertion = f.sign({});
  CHECK(f.reason_of(assertion).empty());
  CHECK(f.reason_of(assertion) == "assertion_used");
  CHECK(f.reason_of(f.sign({.exp = 30s})) == "assertion_used");
  rights::Client other = f.find_client("machine");
  other.client_id = "other";
  f.add_client(other, "");
  CHECK(f.reason_of(f.sign({.iss = "other", .sub = "other"}), "other").empty());
}

TEST_CASE("an assertion is from the client itself and for this server alone") {
  AssertionFixture f;
  CHECK(f.reason_with({.iss = "portal"}) == "assertion_of_another");
  CHECK(f.reason_with({.sub = "portal"}) == "assertion_of_another");
  CHECK(f.reason_with({.iss = ""}) == "assertion_of_another");
  for (const char* audience :
       {R"("https://other.example.org")", R"("http://localhost:8080/oauth2/token")", R"("http://localhost:8080/")",
        R"(["http://localhost:8080"])", R"(["http://localhost:8080","https://other.example.org"])", "1", R"("")"}) {
    CHECK_MESSAGE(f.reason_with({.aud = audience}) == "assertion_for_another", audience);
  }
}

TEST_CASE("an assertion has an end, begins, and lasts an hour at most; a clock may be a little wrong") {
  AssertionFixture f;
  CHECK(f.reason_with({.exp = std::nullopt}) == "assertion_without_end");
  CHECK(f.reason_with({.exp = -9s}).empty());
  CHECK(f.reason_with({.exp = -10s}) == "assertion_expired");
  CHECK(f.reason_with({.exp = 1h}).empty());
  CHECK(f.reason_with({.exp = 2h}) == "assertion_long");
  CHECK(f.reason_with({.iat = 60s}).empty());
  CHECK(f.reason_with({.iat = 61s}) == "assertion_early");
  CHECK(f.reason_with({.nbf = 10s}).empty());
  CHECK(f.reason_with({.nbf = 61s}) == "assertion_early");
  CHECK(f.reason_with({.iat = std::nullopt}).empty());
  CHECK(f.reason_of(f.sign({.jti = ""})) == "assertion_without_id");
  CHECK(f.reason_of(f.sign({.jti = std::string(257, 'x')})) == "assertion_without_id");
}

TEST_CASE("what the client's keys have not signed authenticates nobody") {
  AssertionFixture f;
  const std::string unsigned_claims = f.print({});
  const auto& es256 = key_of(crypto::Algorithm::es256);
  const std::string kid = es256.kid();
  CHECK(f.reason_of(f.sign({}, stranger())) == "assertion_not_signed");
  CHECK(f.reason_of(f.sign({}, es256, "at+jwt")) == "assertion_not_signed");
  CHECK(f.reason_of(compose(R"({"alg":"none","typ":"JWT"})", unsigned_claims, "")) == "assertion_not_signed");
  CHECK(f.reason_of(compose(R"({"alg":"none","kid":")" + kid + "\"}", unsigned_claims, "")) == "assertion_not_signed");
  CHECK(f.reason_of(compose(R"({"alg":"HS256","kid":")" + kid + "\"}", unsigned_claims, es256.public_jwk())) ==
        "assertion_not_signed");
  CHECK(f.reason_of(compose(R"({"alg":"RS256","kid":")" + kid + "\"}", unsigned_claims, "x")) ==
        "assertion_not_signed");
  // A key that the token brings with it.
  CHECK(f.reason_of(compose(R"({"alg":"ES256","kid":")" + kid + R"(","jwk":)" + stranger().public_jwk() + "}",
                            unsigned_claims, "x")) == "assertion_not_signed");
  std::string altered = f.sign({});
  altered.back() = altered.back() == 'A' ? 'B' : 'A';
  CHECK(f.reason_of(altered) != "");
  for (const char* broken : {"", "x", "a.b", "a.b.c.d", "..", "e30.e30."}) CHECK(f.reason_of(broken) != "");
  CHECK(f.reason_of(std::string(flow::longest_assertion + 1, 'a')) == "assertion_unreadable");
  CHECK(flow::find_asserted_client("x.y.z").empty());
}

TEST_CASE("a header without kid is understood if one key alone can have signed") {
  AssertionFixture f;
  const auto& key = key_of(crypto::Algorithm::es256);
  const auto without_kid = [&](const std::string& jti) {
    const std::string input =
        base::to_base64url(R"({"alg":"ES256","typ":"JWT"})") + "." + base::to_base64url(f.print({.jti = jti}));
    return input + "." + base::to_base64url(key.sign(input).value());
  };
  CHECK(f.reason_of(without_kid("a")).empty());
  f.change_client("machine", [&](rights::Client& client) { client.jwks = set_of({&key, &stranger()}); });
  CHECK(f.reason_of(without_kid("b")) == "assertion_not_signed");
}

TEST_CASE("a client authenticates in no other way than the one that it is registered for") {
  AssertionFixture f;
  const auto reason = [&](const flow::ClientCredentials& credentials) {
    const auto found =
        f.store->write([&](store::Tx& tx) { return flow::authenticate_client(*f.house, tx, credentials, f.now); });
    return std::string(found.value().reason.view());
  };
  CHECK(reason({flow::ClientMethod::none, "machine", {}, {}}) == "no_secret_given");
  CHECK(reason({flow::ClientMethod::basic, "machine", base::Secret("x"), {}}) == "other_auth_method");
  CHECK(reason({flow::ClientMethod::assertion, "portal", {}, f.sign({.iss = "portal", .sub = "portal"})}) ==
        "other_auth_method");
  CHECK(reason({flow::ClientMethod::assertion, "spa", {}, f.sign({})}) == "no_secret_expected");
  CHECK(reason({flow::ClientMethod::assertion, "nobody", {}, f.sign({})}) == "unknown_client");
}

TEST_CASE("a new key at the client's address is asked for, and no request of a stranger fetches it") {
  AssertionFixture f;
  const base::Id id = f.find_client("machine").id;
  f.change_client("machine", [](rights::Client& client) {
    client.jwks.clear();
    client.jwks_uri = "https://machine.example.org/jwks";
    client.fetched_jwks = set_of({&key_of(crypto::Algorithm::es256)});
  });
  (void)flow::take_clients_with_new_keys();
  CHECK(f.reason_of(f.sign({.jti = "a"})).empty());
  CHECK(flow::take_clients_with_new_keys().empty());
  CHECK(f.reason_of(f.sign({}, stranger())) == "assertion_not_signed");
  CHECK(flow::take_clients_with_new_keys() == std::vector<base::Id>{id});
  CHECK(flow::take_clients_with_new_keys().empty());
}

TEST_CASE("numbers that are no time, lists and nulls in an assertion authenticate nobody, and break nothing") {
  AssertionFixture f;
  const auto reason = [&](const std::string& members) {
    const std::string claims = R"({"iss":"machine","sub":"machine","aud":"http://localhost:8080","jti":"n")" + members;
    return f.reason_of(crypto::sign_jwt(key_of(crypto::Algorithm::es256), "JWT", claims + "}").value());
  };
  const std::string soon = std::to_string(base::to_seconds(f.now) + 60);
  for (const std::string& exp : {"\"" + soon + "\"", "-" + soon, std::string("-0.0"), std::string("null"),
                                 std::string("true"), "[" + soon + "]", std::string("{}")}) {
    CAPTURE(exp);
    CHECK((reason(",\"exp\":" + exp) == "assertion_without_end" || reason(",\"exp\":" + exp) == "assertion_expired"));
  }
  for (const char* exp : {"1e300", "1e11", "99999999999", "9223372036854775807", "18446744073709551616"}) {
    CAPTURE(exp);
    CHECK((reason(std::string(",\"exp\":") + exp) == "assertion_without_end" ||
           reason(std::string(",\"exp\":") + exp) == "assertion_long"));
  }
  CHECK(reason(",\"exp\":1e999999999") != "");
  for (const char* when : {"\"0\"", "-1", "1e300", "null", "[]"}) {
    CAPTURE(when);
    CHECK(reason(",\"exp\":" + soon + ",\"iat\":" + when) == "assertion_early");
    CHECK(reason(",\"exp\":" + soon + ",\"nbf\":" + when) == "assertion_early");
  }
  // Doubled members, also in other letters of JSON, and a token inside of another.
  CHECK(reason(",\"exp\":" + soon + ",\"sub\":\"machine\"") == "assertion_unreadable");
  CHECK(reason(",\"exp\":" + soon + R"(,"\u0073ub":"other")") == "assertion_unreadable");
  CHECK(reason(",\"exp\":" + soon + ",\"deep\":" + std::string(100, '[') + std::string(100, ']')) ==
        "assertion_unreadable");
  const std::string inner = f.sign({.jti = "inner"});
  const auto nested = crypto::sign_jwt(key_of(crypto::Algorithm::es256), "JWT", "{\"jwt\":\"" + inner + "\"}").value();
  CHECK(f.reason_of(nested) == "assertion_of_another");
  CHECK(f.reason_of(inner + "." + inner) != "");
  CHECK(f.reason_of(inner).empty());
  // With a fraction it is a time like any other.
  CHECK(reason(",\"exp\":" + soon + ".5").empty());
}
