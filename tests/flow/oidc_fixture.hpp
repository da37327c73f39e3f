// A house with a person, clients and the steps of the code flow, for the tests of the OpenID Connect flows.
#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "crypto/digest/digest.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/grant/redeem_code.hpp"
#include "flow/house_fixture.hpp"
#include "flow/login/login_password.hpp"
#include "flow/oauth/authorize.hpp"
#include "flow/session/choose_context.hpp"
#include "flow/session/find_visitor.hpp"
#include "store/oauth/clients.hpp"

namespace testing {

class OidcFixture : public HouseFixture {
 public:
  static constexpr const char* password = "Meadow-Violet-2026";
  static constexpr const char* verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";  // RFC 7636 appendix B
  static constexpr const char* challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  static constexpr const char* portal_uri = "https://portal.example.org/callback";

  OidcFixture() : OidcFixture("sqlite::memory:") {}
  explicit OidcFixture(const std::string& url) : HouseFixture(url) {
    anna = add_account("anna.kowalska", password, {"user"}, "anna@clinic.example");
    rights::Client client;
    client.client_id = "portal";
    client.name = "Portal";
    client.redirect_uris = {portal_uri};
    client.post_logout_redirect_uris = {"https://portal.example.org/bye"};
    client.backchannel_logout_uri = "https://portal.example.org/backchannel";
    client.scopes = {"openid", "profile", "email"};
    add_client(client, "portal-secret");
    client.client_id = "laboratory";
    client.redirect_uris = {"https://laboratory.example.org/callback"};
    client.post_logout_redirect_uris.clear();
    client.backchannel_logout_uri.clear();
    add_client(client, "laboratory-secret");
    client.client_id = "spa";
    client.auth = rights::ClientAuth::none;
    client.kind = rights::ClientKind::spa;
    client.redirect_uris = {"http://127.0.0.1:9191/callback"};
    add_client(client, "");
  }

  void add_client(const rights::Client& client, const std::string& secret) {
    const auto made = flow::create_client(*house, operator_actor(), client, base::Secret(secret), facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
  }
  rights::Client find_client(const std::string& client_id) {
    return store->read([&](store::Tx& tx) { return store::find_client(tx, std::string_view(client_id)); })
        .value()
        .value();
  }
  template <class F>
  void change_client(const std::string& client_id, F&& change) {
    rights::Client client = find_client(client_id);
    change(client);
    REQUIRE(store->write([&](store::Tx& tx) { return store::update_client(tx, client, now); }));
  }

  /// Value of the session cookie.
  std::string log_in(const std::string& login = "anna.kowalska") {
    const auto done = flow::login_password(*house, {login, base::Secret(password)}, facts());
    REQUIRE(done);
    return std::string(done->session_cookie.reveal());
  }

  [[nodiscard]] static flow::AuthorizationRequest request() {
    flow::AuthorizationRequest request;
    request.client_id = "portal";
    request.redirect_uri = portal_uri;
    request.response_type = "code";
    request.scope = "openid profile email";
    request.state = "xyz";
    request.nonce = "n-0S6";
    request.code_challenge = challenge;
    request.code_challenge_method = "S256";
    return request;
  }

  flow::Authorization authorize(const flow::AuthorizationRequest& request, const std::string& cookie,
                                const flow::Attempt* attempt = nullptr) {
    auto outcome = flow::authorize(*house, request, attempt, cookie, facts());
    REQUIRE_MESSAGE(outcome, base::describe(outcome.error()));
    return std::move(*outcome);
  }
  std::string get_code(const std::string& cookie) {
    const auto outcome = authorize(request(), cookie);
    REQUIRE(std::holds_alternative<flow::CodeIssued>(outcome));
    return std::get<flow::CodeIssued>(outcome).code;
  }
  flow::OAuthError refusal_of(const flow::AuthorizationRequest& asked, const std::string& cookie = {},
                              const flow::Attempt* attempt = nullptr) {
    const auto outcome = authorize(asked, cookie, attempt);
    REQUIRE(std::holds_alternative<flow::OAuthRefusal>(outcome));
    return std::get<flow::OAuthRefusal>(outcome).error;
  }
  flow::Attempt attempt_of(const flow::AuthorizationRequest& asked, const std::string& cookie = {},
                           const flow::Attempt* attempt = nullptr) {
    const auto outcome = authorize(asked, cookie, attempt);
    REQUIRE(std::holds_alternative<flow::LoginNeeded>(outcome));
    return std::get<flow::LoginNeeded>(outcome).attempt;
  }

  [[nodiscard]] static flow::CodeRedemption redemption(const std::string& code) {
    flow::CodeRedemption wished;
    wished.client = {flow::ClientMethod::basic, "portal", base::Secret("portal-secret")};
    wished.code = code;
    wished.redirect_uri = portal_uri;
    wished.code_verifier = verifier;
    return wished;
  }
  flow::Redeemed redeem(const flow::CodeRedemption& wished) {
    auto done = flow::redeem_code(*house, wished, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return std::move(*done);
  }
  flow::IssuedTokens get_tokens(const std::string& cookie) {
    auto done = redeem(redemption(get_code(cookie)));
    REQUIRE_FALSE(done.refusal);
    return done.tokens;
  }
  std::optional<flow::OAuthError> error_of(const flow::CodeRedemption& wished) {
    const auto done = redeem(wished);
    return done.refusal ? std::optional(done.refusal->error) : std::nullopt;
  }

  base::Id anna;
};

}  // namespace testing
