#include "flow/oauth/authorize.hpp"

#include <doctest/doctest.h>

#include "flow/grant/find_userinfo.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/oidc_fixture.hpp"
#include "store/account/accounts.hpp"

using namespace std::chrono_literals;
using flow::OAuthError;
using testing::OidcFixture;

namespace {

bool is_page(OidcFixture& f, const flow::AuthorizationRequest& request) {
  return std::holds_alternative<flow::PageRefusal>(f.authorize(request, {}));
}

}  // namespace

TEST_CASE("who is logged in gets a code at once, and the code is in the audit log") {
  OidcFixture f;
  const std::string code = f.get_code(f.log_in());
  CHECK(code.size() == 64);
  const auto events = f.events("code_issue");
  REQUIRE(events.size() == 1);
  CHECK(events[0].client == "portal");
  CHECK(events[0].subject == f.anna);
  CHECK(events[0].context == "user");
}

TEST_CASE("who is not logged in gets an attempt that says whose request it is") {
  OidcFixture f;
  auto request = OidcFixture::request();
  request.login_hint = "anna.kowalska";
  request.ui_locales = "pl";
  const auto attempt = f.attempt_of(request);
  CHECK(attempt.client_id == "portal");
  CHECK(attempt.login_hint == "anna.kowalska");
  CHECK(attempt.ui_locales == "pl");
  CHECK_FALSE(attempt.force_login);
  CHECK(f.events("code_issue").empty());
}

TEST_CASE("an unknown client or a redirect URI that is not registered gets a page, never a redirect") {
  OidcFixture f;
  auto request = OidcFixture::request();
  for (const char* uri : {"", "https://portal.example.org/callback/", "https://portal.example.org/Callback",
                          "https://portal.example.org:443/callback", "https://portal.example.org//callback",
                          "https://portal.example.org/callback;x", "https://portal.example.org/%63allback",
                          "https://portal.example.org/callback#x", "https://portal.example.org/callback?x=1",
                          "https://portal.example.org\\@evil.example/callback", "https://x@portal.example.org/callback",
                          "https://portal.example.org.evil.example/callback", "http://portal.example.org/callback",
                          "https://portal.example.org/a/../callback", "https://portal.example.org/callback\r\nX: y",
                          "https://laboratory.example.org/callback"}) {
    CAPTURE(uri);
    request.redirect_uri = uri;
    CHECK(is_page(f, request));
  }
  request = OidcFixture::request();
  request.client_id = "nobody";
  CHECK(is_page(f, request));
  request.client_id.clear();
  CHECK(is_page(f, request));
  f.change_client("portal", [](rights::Client& client) { client.enabled = false; });
  CHECK(is_page(f, OidcFixture::request()));
}

TEST_CASE("what this server does not do is refused by its name") {
  OidcFixture f;
  const auto refused = [&](auto change) {
    auto request = OidcFixture::request();
    change(request);
    return f.refusal_of(request);
  };
  CHECK(refused([](auto& r) { r.response_type = "token"; }) == OAuthError::unsupported_response_type);
  CHECK(refused([](auto& r) { r.response_type = "code id_token"; }) == OAuthError::unsupported_response_type);
  CHECK(refused([](auto& r) { r.response_type.clear(); }) == OAuthError::invalid_request);
  for (const char* mode : {"fragment", "query.jwt", "web_message", "form_post "}) {
    CHECK_MESSAGE(refused([&](auto& r) { r.response_mode = mode; }) == OAuthError::invalid_request, mode);
  }
  for (const char* claims : {"x", "[]", "\"id_token\"", R"({"id_token":[]})", R"({"userinfo":{"email":true}})",
                             R"({"id_token":{"acr":{"essential":"yes"}}})", R"({"id_token":{"acr":{"values":"x"}}})"}) {
    CHECK_MESSAGE(refused([&](auto& r) { r.claims = claims; }) == OAuthError::invalid_request, claims);
  }
  CHECK(refused([](auto& r) { r.claims = "{\"x\":\"" + std::string(4096, 'x') + "\"}"; }) ==
        OAuthError::invalid_request);
  CHECK(refused([](auto& r) { r.request = "eyJ"; }) == OAuthError::request_not_supported);
  CHECK(refused([](auto& r) { r.request_uri = "https://evil.example/"; }) == OAuthError::request_uri_not_supported);
  CHECK(refused([](auto& r) { r.registration = "{}"; }) == OAuthError::registration_not_supported);
  CHECK(refused([](auto& r) { r.resource = "https://elsewhere.example/"; }) == OAuthError::invalid_target);
  CHECK(refused([](auto& r) { r.scope = "root"; }) == OAuthError::invalid_scope);
  CHECK(refused([](auto& r) { r.prompt = "none login"; }) == OAuthError::invalid_request);
  CHECK(refused([](auto& r) { r.prompt = "create"; }) == OAuthError::invalid_request);
  CHECK(refused([](auto& r) { r.max_age = "-1"; }) == OAuthError::invalid_request);
  CHECK(refused([](auto& r) { r.max_age = "1e3"; }) == OAuthError::invalid_request);
  CHECK(refused([](auto& r) { r.max_age = "99999999999999999999"; }) == OAuthError::invalid_request);
  CHECK(refused([](auto& r) { r.state = std::string(1025, 'x'); }) == OAuthError::invalid_request);
  CHECK(refused([](auto& r) { r.state = "a\r\nb"; }) == OAuthError::invalid_request);
  CHECK(refused([](auto& r) { r.nonce = std::string(513, 'x'); }) == OAuthError::invalid_request);
  CHECK(refused([](auto& r) { r.doubled = true; }) == OAuthError::invalid_request);
  CHECK(refused([](auto& r) { r.id_token_hint = "not.a.token"; }) == OAuthError::invalid_request);
}

TEST_CASE("what only helps a person never makes a request fail") {
  OidcFixture f;
  auto request = OidcFixture::request();
  request.login_hint = std::string(600, 'x');
  request.ui_locales = "xx\x01";
  request.acr_values = "urn:example:gold 0 urn:chancery:acr:9";
  const auto attempt = f.attempt_of(request);
  CHECK(attempt.login_hint.empty());
  CHECK(attempt.ui_locales.empty());
  request.acr_values = std::string(600, 'x');
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(request, f.log_in())));
}

TEST_CASE("a client that must push its requests gets none through by the address alone") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  f.change_client("portal", [](rights::Client& client) { client.require_par = true; });
  CHECK(f.refusal_of(OidcFixture::request(), cookie) == OAuthError::invalid_request);
}

TEST_CASE("the default max_age of a client counts where the request names none") {
  OidcFixture f;
  f.change_client("portal", [](rights::Client& client) { client.default_max_age = 60; });
  const std::string cookie = f.log_in();
  f.now += 61s;
  auto request = OidcFixture::request();
  CHECK(f.attempt_of(request, cookie).force_login);
  request.max_age = "3600";
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(request, cookie)));
}

TEST_CASE("an essential acr is reached or refused, and one that nobody knows is refused at once") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  auto request = OidcFixture::request();
  const auto want = [&](const std::string& acr) {
    request.claims = R"({"id_token":{"acr":{"essential":true,"values":[)" + acr + "]}}}";
  };
  want(R"("urn:chancery:acr:1","urn:chancery:acr:2")");
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(request, cookie)));
  want(R"("urn:example:gold")");
  CHECK(f.refusal_of(request, cookie) == OAuthError::unmet_authentication_requirements);
  want(R"("urn:chancery:acr:3")");
  f.now += 1s;
  const auto attempt = f.attempt_of(request, cookie);
  f.now += 1s;
  CHECK(f.refusal_of(request, f.log_in(), &attempt) == OAuthError::unmet_authentication_requirements);
  request.claims = R"({"id_token":{"acr":{"values":["urn:chancery:acr:3"]}}})";  // a wish
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(request, cookie)));
}

TEST_CASE("a value of the claim sub names the one who must be logged in") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  auto request = OidcFixture::request();
  const auto want = [&](const std::string& sub) {
    request.claims = R"({"id_token":{"sub":{"value":")" + sub + R"("}}})";
  };
  want(f.anna.to_string());
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(request, cookie)));
  for (const std::string& other : {base::Id::make(f.now).to_string(), std::string("nobody")}) {
    want(other);
    request.prompt = "none";
    CHECK(f.refusal_of(request, cookie) == OAuthError::login_required);
    request.prompt.clear();
    CHECK(f.attempt_of(request, cookie).force_login);
  }
}

TEST_CASE("a single claim is granted only if the client is registered for its scope") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  auto request = OidcFixture::request();
  request.scope = "openid";
  request.claims = R"({"userinfo":{"email":null,"phone_number":{"essential":true},"given_name":null,"x":null}})";
  const auto outcome = f.authorize(request, cookie);
  REQUIRE(std::holds_alternative<flow::CodeIssued>(outcome));
  const auto done = f.redeem(OidcFixture::redemption(std::get<flow::CodeIssued>(outcome).code));
  REQUIRE_FALSE(done.refusal);
  const auto told = flow::find_userinfo(*f.house, done.tokens.access_token, f.facts());
  REQUIRE(told);
  CHECK(told->claims.find(R"("email":"anna@clinic.example")") != std::string::npos);
  CHECK(told->claims.find(R"("given_name":"Anna")") != std::string::npos);
  CHECK(told->claims.find("family_name") == std::string::npos);
  CHECK(told->claims.find("phone") == std::string::npos);
}

TEST_CASE("PKCE is S256, and only a confidential client may do without") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  auto request = OidcFixture::request();
  request.code_challenge_method = "plain";
  CHECK(f.refusal_of(request) == OAuthError::invalid_request);
  request.code_challenge_method.clear();
  CHECK(f.refusal_of(request) == OAuthError::invalid_request);
  request = OidcFixture::request();
  request.code_challenge = std::string(42, 'a');
  CHECK(f.refusal_of(request) == OAuthError::invalid_request);
  request.code_challenge = std::string(42, 'a') + "=";
  CHECK(f.refusal_of(request) == OAuthError::invalid_request);
  request.code_challenge.clear();
  CHECK(f.refusal_of(request) == OAuthError::invalid_request);  // a method alone
  request.code_challenge_method.clear();
  CHECK(f.refusal_of(request) == OAuthError::invalid_request);
  f.change_client("portal", [](rights::Client& client) { client.require_pkce = false; });
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(request, cookie)));
}

TEST_CASE("prompt=none never asks anybody anything") {
  OidcFixture f;
  auto request = OidcFixture::request();
  request.prompt = "none";
  CHECK(f.refusal_of(request) == OAuthError::login_required);
  const std::string cookie = f.log_in();
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(request, cookie)));
  request.max_age = "30";
  f.now += 31s;
  CHECK(f.refusal_of(request, cookie) == OAuthError::login_required);
  f.add_account("two", OidcFixture::password, {"user", "administrator"});
  request.max_age.clear();
  CHECK(f.refusal_of(request, f.log_in("two")) == OAuthError::interaction_required);
}

TEST_CASE("prompt=login wants a login that is younger than the request, also when the request is resumed") {
  OidcFixture f;
  const std::string old_cookie = f.log_in();
  f.now += 1s;
  auto request = OidcFixture::request();
  request.prompt = "login";
  const auto attempt = f.attempt_of(request, old_cookie);
  CHECK(attempt.force_login);
  // Going straight to the end without a login changes nothing.
  CHECK(f.attempt_of(request, old_cookie, &attempt).id == attempt.id);
  const std::string new_cookie = f.log_in();
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(request, new_cookie, &attempt)));
}

TEST_CASE("max_age sends to the login when the last one is too long ago, and max_age=0 always") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  auto request = OidcFixture::request();
  request.max_age = "60";
  f.now += 60s;
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(request, cookie)));
  f.now += 1ms;
  const auto attempt = f.attempt_of(request, cookie);
  CHECK(attempt.force_login);
  request.max_age = "0";
  const auto zero = f.attempt_of(request, cookie);
  f.now += 5s;
  const std::string fresh = f.log_in();
  f.now += 2s;
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(request, fresh, &zero)));
}

TEST_CASE("the login that max_age asked for is good for the rest of its attempt only while it is new") {
  OidcFixture f;
  f.now += 1s;
  auto request = OidcFixture::request();
  request.max_age = "2";
  const auto attempt = f.attempt_of(request, "");
  f.now += 1s;
  const std::string cookie = f.log_in();
  // The person chooses a context meanwhile.
  f.now += 60s;
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(request, cookie, &attempt)));
  f.now += 5min;
  CHECK(f.attempt_of(request, cookie, &attempt).force_login);
}

TEST_CASE("select_account asks although somebody is logged in, until the person has chosen") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  f.now += 1s;
  auto request = OidcFixture::request();
  request.prompt = "select_account";
  auto attempt = f.attempt_of(request, cookie);
  CHECK(attempt.choose_account);
  CHECK_FALSE(attempt.force_login);
  CHECK(f.attempt_of(request, cookie, &attempt).choose_account);
  attempt.choose_account = false;
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(request, cookie, &attempt)));
}

TEST_CASE("a login without a chosen context is not enough") {
  OidcFixture f;
  f.add_account("two", OidcFixture::password, {"user", "administrator"});
  const std::string pending = f.log_in("two");
  (void)f.attempt_of(OidcFixture::request(), pending);
  const auto visitor = flow::find_visitor(*f.house, pending, f.facts());
  const auto chosen = flow::choose_context(*f.house, *visitor, "administrator", f.facts());
  REQUIRE(chosen);
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(OidcFixture::request(), std::string(chosen->reveal()))));
}

TEST_CASE("a client that demands a higher level gets no code for a lower one, however often one logs in") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  f.change_client("portal", [](rights::Client& client) { client.level = 2; });
  f.now += 1s;
  const auto attempt = f.attempt_of(OidcFixture::request(), cookie);
  CHECK(attempt.force_login);
  f.now += 1s;
  CHECK(f.refusal_of(OidcFixture::request(), f.log_in(), &attempt) == OAuthError::unmet_authentication_requirements);
  CHECK(f.events("code_issue").empty());
}

TEST_CASE("the hint names the one who must be logged in") {
  OidcFixture f;
  const std::string anna_cookie = f.log_in();
  auto request = OidcFixture::request();
  request.id_token_hint = f.get_tokens(anna_cookie).id_token;
  f.now += 1h;  // the hint may have expired
  f.add_account("jan.nowak", OidcFixture::password);
  const std::string jan = f.log_in("jan.nowak");
  request.prompt = "none";
  CHECK(f.refusal_of(request, jan) == OAuthError::login_required);
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(request, f.log_in())));
  request.prompt.clear();
  const auto attempt = f.attempt_of(request, jan);
  CHECK(attempt.force_login);
  f.now += 1s;
  CHECK(f.refusal_of(request, f.log_in("jan.nowak"), &attempt) == OAuthError::login_required);
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(request, f.log_in(), &attempt)));
}

TEST_CASE("an ID token of another client is no hint") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  auto request = OidcFixture::request();
  request.id_token_hint = f.get_tokens(cookie).id_token;
  request.client_id = "laboratory";
  request.redirect_uri = "https://laboratory.example.org/callback";
  CHECK(f.refusal_of(request, cookie) == OAuthError::invalid_request);
}

TEST_CASE("an access token is not an ID token hint") {
  OidcFixture f;
  auto request = OidcFixture::request();
  request.id_token_hint = f.get_tokens(f.log_in()).access_token;
  CHECK(f.refusal_of(request) == OAuthError::invalid_request);
}

TEST_CASE("a locked account with a living session gets no code, and the audit log says why") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  REQUIRE(f.store->write([&](store::Tx& tx) {
    return store::set_failures(tx, f.anna, {.failures = 5, .locked_until = f.now + 15min, .newly_locked = true});
  }));
  CHECK(f.refusal_of(OidcFixture::request(), cookie) == OAuthError::access_denied);
  const auto events = f.events("token_refusal");
  REQUIRE(events.size() == 1);
  CHECK(events[0].data.find("account_locked") != std::string::npos);
}

TEST_CASE("scopes that the client may not have or that nobody can give are dropped") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  auto request = OidcFixture::request();
  request.scope = "phone openid openid  email offline_access x";
  const auto outcome = f.authorize(request, cookie);
  REQUIRE(std::holds_alternative<flow::CodeIssued>(outcome));
  const auto done = f.redeem(OidcFixture::redemption(std::get<flow::CodeIssued>(outcome).code));
  CHECK(done.tokens.scope == "openid email");
}
