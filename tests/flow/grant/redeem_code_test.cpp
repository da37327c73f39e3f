#include "flow/grant/redeem_code.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

#include "base/time.hpp"
#include "crypto/token/jwt.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/grant/find_userinfo.hpp"
#include "flow/house/audit_settings.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/house/read_claims.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/session/logout.hpp"

using namespace std::chrono_literals;
using flow::OAuthError;
using testing::OidcFixture;

namespace {

std::string verified(OidcFixture& f, std::string_view type, const std::string& token) {
  const auto text = f.keys->verify(type, token, f.now);
  REQUIRE_MESSAGE(text, base::describe(text.error()));
  return *text;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

bool userinfo_is_refused(OidcFixture& f, const std::string& token) {
  const auto answer = flow::find_userinfo(*f.house, token, f.facts());
  REQUIRE(answer);
  return answer->refusal && answer->refusal->error == OAuthError::invalid_token;
}

std::string last_reason(OidcFixture& f) {
  const auto events = f.events("token_refusal");
  return events.empty() ? std::string() : events[0].data;
}

}  // namespace

TEST_CASE("a code becomes an access token and an ID token with who, how, when and in which context") {
  OidcFixture f;
  const auto tokens = f.get_tokens(f.log_in());
  CHECK(tokens.expires_in == 600);
  CHECK(tokens.scope == "openid profile email");
  const std::string id_text = verified(f, "JWT", tokens.id_token);
  const auto id = flow::Claims::parse(id_text).value();
  CHECK(id.text("iss") == "http://localhost:8080");
  CHECK(id.text("aud") == "portal");
  CHECK(id.text("sub") == f.anna.to_string());
  CHECK(id.text("nonce") == "n-0S6");
  CHECK(id.text("acr") == "urn:chancery:acr:1");
  CHECK(id.number("auth_time") == base::to_seconds(f.now));
  CHECK(id.number("exp") == base::to_seconds(f.now) + 600);
  CHECK(id.text("name") == "Anna Kowalska");
  CHECK(id.text("at_hash").size() == 22);
  CHECK_FALSE(id.text("sid").empty());
  CHECK(has(id_text, R"("amr":["pwd"])"));
  CHECK(has(id_text, R"("context":{"id":"user","name":")"));
  const auto access = flow::Claims::parse(verified(f, "at+jwt", tokens.access_token)).value();
  CHECK(access.text("client_id") == "portal");
  CHECK(access.text("account_kind") == "employee");
  CHECK(access.text("aud") == "http://localhost:8080");
  CHECK(access.text("sub") == f.anna.to_string());
  CHECK(access.text("scope") == "openid profile email");
  CHECK(access.text("sid") == id.text("sid"));
  CHECK(f.events("token_issue").size() == 1);
  CHECK_FALSE(f.keys->verify("JWT", tokens.access_token, f.now));
  CHECK_FALSE(f.keys->verify("at+jwt", tokens.id_token, f.now));
}

TEST_CASE("without openid there is no ID token") {
  OidcFixture f;
  auto request = OidcFixture::request();
  request.scope = "profile";
  const auto outcome = f.authorize(request, f.log_in());
  const auto done = f.redeem(OidcFixture::redemption(std::get<flow::CodeIssued>(outcome).code));
  CHECK(done.tokens.id_token.empty());
  const auto userinfo = flow::find_userinfo(*f.house, done.tokens.access_token, f.facts());
  CHECK(userinfo->refusal->error == OAuthError::insufficient_scope);
}

TEST_CASE("an ID token holds the name, and other personal data only where the client's registration asks for it") {
  OidcFixture f;
  const std::string session = f.log_in();
  const auto claims = [&] { return verified(f, "JWT", f.get_tokens(session).id_token); };
  const std::string few = claims();
  CHECK(has(few, R"("name":"Anna Kowalska")"));
  for (const char* claim : {"given_name", "family_name", "preferred_username", "locale", "email", "phone_number"}) {
    CAPTURE(claim);
    CHECK_FALSE(has(few, std::string("\"") + claim));
  }
  f.change_client("portal", [](rights::Client& client) {
    client.id_token_claims = {"preferred_username", "email", "phone_number"};
  });
  const std::string more = claims();
  CHECK(has(more, R"("preferred_username":"anna.kowalska")"));
  CHECK(has(more, R"("email":"anna@clinic.example","email_verified":true)"));
  CHECK_FALSE(has(more, "given_name"));
  // The scope phone was not granted.
  CHECK_FALSE(has(more, "phone_number"));
}

TEST_CASE("a client that asks for RS256 gets its ID token so, and the access token stays ES256") {
  OidcFixture f;
  f.change_client("portal", [](rights::Client& client) { client.id_token_alg = "RS256"; });
  const auto tokens = f.get_tokens(f.log_in());
  const auto header = base::parse_base64url(tokens.id_token.substr(0, tokens.id_token.find('.'))).value();
  CHECK(has(header, "RS256"));
  CHECK(flow::Claims::parse(verified(f, "JWT", tokens.id_token)).value().text("aud") == "portal");
  CHECK(f.keys->verifiers()->size() == 2);
}

TEST_CASE("a code is good once; its replay revokes what was issued") {
  OidcFixture f;
  const std::string code = f.get_code(f.log_in());
  const auto first = f.redeem(OidcFixture::redemption(code));
  REQUIRE_FALSE(first.refusal);
  CHECK_FALSE(userinfo_is_refused(f, first.tokens.access_token));
  CHECK(f.error_of(OidcFixture::redemption(code)) == OAuthError::invalid_grant);
  CHECK(f.events("code_replay").size() == 1);
  CHECK(userinfo_is_refused(f, first.tokens.access_token));
}

TEST_CASE("a code that is replayed without end has one event of the replay, and few of the refusals after it") {
  OidcFixture f;
  f.settings.audit.failures_each_minute = 5;
  const std::string code = f.get_code(f.log_in());
  REQUIRE_FALSE(f.redeem(OidcFixture::redemption(code)).refusal);
  for (int i = 0; i < 41; ++i) CHECK(f.error_of(OidcFixture::redemption(code)) == OAuthError::invalid_grant);
  CHECK(f.events("code_replay").size() == 1);
  CHECK(f.events("token_refusal").size() == 8);  // 5, and the 10th, 20th and 40th with the count
}

TEST_CASE("of many who redeem one code at the same time at most one gets tokens") {
  OidcFixture f;
  const std::string code = f.get_code(f.log_in());
  std::atomic<int> good{0};
  std::atomic<int> bad{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        const auto done = flow::redeem_code(*f.house, OidcFixture::redemption(code), f.facts());
        if (done && !done->refusal) {
          ++good;
        } else if (done && done->refusal->error == OAuthError::invalid_grant) {
          ++bad;
        }
      });
    }
  }
  CHECK(good == 1);
  CHECK(bad == 7);
  CHECK(f.events("token_issue").size() == 1);
  CHECK(f.events("code_replay").size() == 1);
  CHECK(f.events("token_refusal").size() == 6);
}

TEST_CASE("another client can neither use nor burn a code") {
  OidcFixture f;
  const std::string code = f.get_code(f.log_in());
  auto thief = OidcFixture::redemption(code);
  thief.client = {flow::ClientMethod::post, "laboratory", base::Secret("laboratory-secret")};
  CHECK(f.error_of(thief) == OAuthError::invalid_grant);
  CHECK(has(last_reason(f), "code_of_another_client"));
  thief.client = {flow::ClientMethod::none, "spa", base::Secret()};
  CHECK(f.error_of(thief) == OAuthError::invalid_grant);
  CHECK_FALSE(f.error_of(OidcFixture::redemption(code)));
}

TEST_CASE("the client proves itself before the code is looked at") {
  OidcFixture f;
  const std::string code = f.get_code(f.log_in());
  auto wished = OidcFixture::redemption(code);
  wished.client.secret = base::Secret("wrong");
  CHECK(f.error_of(wished) == OAuthError::invalid_client);
  CHECK(has(last_reason(f), "wrong_secret"));
  wished.client = {flow::ClientMethod::none, "portal", base::Secret()};
  CHECK(f.error_of(wished) == OAuthError::invalid_client);
  CHECK(has(last_reason(f), "no_secret_given"));
  wished.client = {flow::ClientMethod::basic, "nobody", base::Secret("x")};
  CHECK(f.error_of(wished) == OAuthError::invalid_client);
  CHECK(has(last_reason(f), "unknown_client"));
  wished.client = {flow::ClientMethod::post, "spa", base::Secret("x")};
  CHECK(f.error_of(wished) == OAuthError::invalid_client);
  CHECK_FALSE(f.error_of(OidcFixture::redemption(code)));
}

TEST_CASE("two secrets are good while one is replaced, the old one until its time") {
  OidcFixture f;
  f.change_client("portal", [&](rights::Client& client) {
    client.secrets[0].not_after = f.now + 1h;
    client.secrets.push_back({flow::hash_client_secret(*f.house, base::Secret("new-secret")), std::nullopt});
  });
  CHECK_FALSE(f.error_of(OidcFixture::redemption(f.get_code(f.log_in()))));
  auto wished = OidcFixture::redemption(f.get_code(f.log_in()));
  wished.client.secret = base::Secret("new-secret");
  CHECK_FALSE(f.error_of(wished));
  f.now += 1h;
  CHECK(f.error_of(OidcFixture::redemption(f.get_code(f.log_in()))) == OAuthError::invalid_client);
}

TEST_CASE("a code is bound to its verifier and its redirect URI, and is good for a minute") {
  OidcFixture f;
  const std::string code = f.get_code(f.log_in());
  auto wished = OidcFixture::redemption(code);
  wished.code_verifier.clear();
  CHECK(f.error_of(wished) == OAuthError::invalid_grant);
  wished.code_verifier = std::string(43, 'a');
  CHECK(f.error_of(wished) == OAuthError::invalid_grant);
  wished.code_verifier = OidcFixture::challenge;  // the challenge itself: "plain"
  CHECK(f.error_of(wished) == OAuthError::invalid_grant);
  CHECK(has(last_reason(f), "wrong_verifier"));
  wished = OidcFixture::redemption(code);
  wished.redirect_uri = "https://portal.example.org/callback/";
  CHECK(f.error_of(wished) == OAuthError::invalid_grant);
  wished.redirect_uri.clear();
  CHECK(f.error_of(wished) == OAuthError::invalid_grant);
  f.now += 60s;
  CHECK(f.error_of(OidcFixture::redemption(code)) == OAuthError::invalid_grant);
  CHECK(has(last_reason(f), "code_expired"));
}

TEST_CASE("a verifier for a request that had no challenge is a downgrade and is refused") {
  OidcFixture f;
  f.change_client("portal", [](rights::Client& client) { client.require_pkce = false; });
  auto request = OidcFixture::request();
  request.code_challenge.clear();
  request.code_challenge_method.clear();
  const auto outcome = f.authorize(request, f.log_in());
  auto wished = OidcFixture::redemption(std::get<flow::CodeIssued>(outcome).code);
  CHECK(f.error_of(wished) == OAuthError::invalid_grant);
  CHECK(has(last_reason(f), "verifier_without_challenge"));
  wished.code_verifier.clear();
  CHECK_FALSE(f.error_of(wished));
}

TEST_CASE("guessed and broken codes are refused") {
  OidcFixture f;
  const std::string code = f.get_code(f.log_in());
  std::string other = code;
  other.back() = other.back() == 'A' ? 'B' : 'A';
  for (const std::string& bad :
       {std::string(), std::string("x"), std::string(64, 'A'), other, code + "A", code.substr(1)}) {
    CAPTURE(bad);
    CHECK(f.error_of(OidcFixture::redemption(bad)) == OAuthError::invalid_grant);
  }
}

TEST_CASE("what happens between code and token counts: suspension, logout, a client switched off") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  const std::string code = f.get_code(cookie);
  SUBCASE("suspended") {
    REQUIRE(flow::suspend_account(*f.house, OidcFixture::operator_actor(), "anna.kowalska", f.facts()));
    CHECK(f.error_of(OidcFixture::redemption(code)) == OAuthError::invalid_grant);
  }
  SUBCASE("logged out") {
    const auto visitor = flow::find_visitor(*f.house, cookie, f.facts());
    REQUIRE(flow::logout(*f.house, *visitor, audit::why::logout, f.facts()));
    CHECK(f.error_of(OidcFixture::redemption(code)) == OAuthError::invalid_grant);
  }
  SUBCASE("client switched off") {
    f.change_client("portal", [](rights::Client& client) { client.enabled = false; });
    CHECK(f.error_of(OidcFixture::redemption(code)) == OAuthError::invalid_client);
  }
  SUBCASE("client's level raised") {
    f.change_client("portal", [](rights::Client& client) { client.level = 2; });
    CHECK(f.error_of(OidcFixture::redemption(code)) == OAuthError::invalid_grant);
    CHECK(has(last_reason(f), "level_too_low"));
  }
  CHECK(f.events("token_issue").empty());
}

TEST_CASE("a client uses only the grants that it was registered for") {
  OidcFixture f;
  const std::string code = f.get_code(f.log_in());
  f.change_client("portal", [](rights::Client& client) { client.grants = {"client_credentials"}; });
  CHECK(f.refusal_of(OidcFixture::request()) == OAuthError::unauthorized_client);
  CHECK(f.error_of(OidcFixture::redemption(code)) == OAuthError::unauthorized_client);
  CHECK(has(last_reason(f), "grant_not_registered"));
  f.change_client("portal", [](rights::Client& client) { client.grants = {"authorization_code"}; });
  CHECK_FALSE(f.redeem(OidcFixture::redemption(code)).refusal);
}

TEST_CASE("an access token that our own key has signed for somebody else, or for another time, is refused") {
  OidcFixture f;
  const auto tokens = f.get_tokens(f.log_in());
  const std::string claims = verified(f, "at+jwt", tokens.access_token);
  const auto sign = [&](std::string_view part, const std::string& instead) {
    std::string changed = claims;
    if (!part.empty()) {
      const std::size_t at = changed.find(part);
      REQUIRE(at != std::string::npos);
      changed.replace(at, part.size(), instead);
    }
    return crypto::sign_jwt(*f.keys->find_signer(crypto::Algorithm::es256, f.now), "at+jwt", changed).value();
  };
  const std::string issuer = f.settings.site.issuer;
  const std::string expires = std::to_string(base::to_seconds(f.now) + 600);
  CHECK_FALSE(userinfo_is_refused(f, sign("", "")));
  CHECK(userinfo_is_refused(f, sign("\"aud\":\"" + issuer, "\"aud\":\"https://elsewhere.example.org")));
  CHECK(userinfo_is_refused(f, sign("\"aud\":\"" + issuer + "\",", "")));
  CHECK(userinfo_is_refused(f, sign("\"iss\":\"" + issuer, "\"iss\":\"https://elsewhere.example.org")));
  CHECK(userinfo_is_refused(f, sign("\"exp\":" + expires, "\"exp\":" + std::to_string(base::to_seconds(f.now)))));
  CHECK(userinfo_is_refused(f, sign("\"exp\":" + expires + ",", "")));
  CHECK(userinfo_is_refused(f, sign("\"exp\":" + expires, "\"exp\":\"" + expires + "\"")));
}

TEST_CASE("userinfo gives the claims of the scopes, until the token or what it stands on ends") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  const auto tokens = f.get_tokens(cookie);
  const auto answer = flow::find_userinfo(*f.house, tokens.access_token, f.facts());
  REQUIRE(answer);
  REQUIRE_FALSE(answer->refusal);
  CHECK(has(answer->claims, R"("sub":")" + f.anna.to_string()));
  CHECK(has(answer->claims, R"("preferred_username":"anna.kowalska")"));
  CHECK(has(answer->claims, R"("email_verified":true)"));
  CHECK(has(answer->claims, R"("context":{"id":"user")"));
  CHECK(userinfo_is_refused(f, tokens.id_token));
  CHECK(userinfo_is_refused(f, tokens.access_token + "x"));
  CHECK(userinfo_is_refused(f, ""));
  SUBCASE("expired") {
    f.now += 600s;
    CHECK(userinfo_is_refused(f, tokens.access_token));
  }
  SUBCASE("suspended") {
    REQUIRE(flow::suspend_account(*f.house, OidcFixture::operator_actor(), "anna.kowalska", f.facts()));
    CHECK(userinfo_is_refused(f, tokens.access_token));
  }
  SUBCASE("logged out") {
    REQUIRE(flow::logout(*f.house, *flow::find_visitor(*f.house, cookie, f.facts()), audit::why::logout, f.facts()));
    CHECK(userinfo_is_refused(f, tokens.access_token));
  }
}

TEST_CASE("a client that is registered for it gets its userinfo signed, for itself alone, and never as an ID token") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  const auto tokens = f.get_tokens(cookie);
  for (const char* algorithm : {"ES256", "RS256"}) {
    f.change_client("portal", [&](rights::Client& client) { client.userinfo_alg = algorithm; });
    const auto answer = flow::find_userinfo(*f.house, tokens.access_token, f.facts()).value();
    REQUIRE_FALSE(answer.refusal);
    const auto header = base::parse_base64url(answer.jwt.substr(0, answer.jwt.find('.'))).value();
    CHECK(has(header, algorithm));
    const auto claims = flow::Claims::parse(verified(f, "JWT", answer.jwt)).value();
    CHECK(claims.text("iss") == "http://localhost:8080");
    CHECK(claims.text("aud") == "portal");
    CHECK(claims.text("sub") == f.anna.to_string());
    CHECK(claims.text("preferred_username") == "anna.kowalska");
    CHECK_FALSE(claims.number("exp"));
    // It is neither a hint nor an access token.
    auto request = OidcFixture::request();
    request.id_token_hint = answer.jwt;
    CHECK(f.refusal_of(request, cookie) == OAuthError::invalid_request);
    CHECK(userinfo_is_refused(f, answer.jwt));
  }
  f.change_client("portal", [](rights::Client& client) { client.userinfo_alg.clear(); });
  const auto plain = flow::find_userinfo(*f.house, tokens.access_token, f.facts()).value();
  CHECK(plain.jwt.empty());
  CHECK_FALSE(has(plain.claims, R"("iss")"));
}

TEST_CASE("the addresses of one IPv6 subscriber do not fill the audit log") {
  OidcFixture f;
  f.settings.audit.failures_each_minute = 5;
  auto wished = OidcFixture::redemption("x");
  wished.client.secret = base::Secret("wrong");
  for (int i = 0; i < 40; ++i) {
    flow::RequestFacts facts = f.facts();
    facts.ip = "2001:db8:0:" + std::to_string(i) + "::1";
    REQUIRE(flow::redeem_code(*f.house, wished, facts)->refusal);
  }
  CHECK(f.events("token_refusal").size() == 8);
}

TEST_CASE("whoever has a whole IPv6 /48 does not fill the audit log either") {
  OidcFixture f;
  f.settings.audit.failures_each_minute = 5;
  auto wished = OidcFixture::redemption("x");
  wished.client.secret = base::Secret("wrong");
  const auto fail_from = [&](const std::string& ip) {
    flow::RequestFacts facts = f.facts();
    facts.ip = ip;
    REQUIRE(flow::redeem_code(*f.house, wished, facts)->refusal);
  };
  for (int i = 0; i < 100; ++i) fail_from("2001:db8:7:" + std::to_string(i) + "00::1");
  CHECK(f.events("token_refusal").size() == 22);  // 20, and the 40th and 80th with the count
  fail_from("2001:db8:8::1");
  CHECK(f.events("token_refusal").size() == 23);
}

TEST_CASE("a guessing client cannot fill the audit log") {
  OidcFixture f;
  f.settings.audit.failures_each_minute = 20;
  auto wished = OidcFixture::redemption("x");
  wished.client.secret = base::Secret("wrong");
  for (int i = 0; i < 100; ++i) CHECK(f.error_of(wished) == OAuthError::invalid_client);
  CHECK(f.events("token_refusal").size() == 22);  // 20, and the 40th and 80th with the count
}
