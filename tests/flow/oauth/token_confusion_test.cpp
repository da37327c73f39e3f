// Each token is taken only where it belongs, whoever presents it and however it is written (RFC 8725 §3.11, §3.12,
// security rule 4). One table: what this server and its clients issue × where something is presented.
#include <doctest/doctest.h>

#include <functional>
#include <vector>

#include "crypto/token/jwt.hpp"
#include "flow/client/authenticate_client.hpp"
#include "flow/client/client_assertion.hpp"
#include "flow/grant/revoke_token.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/message/deliver_logout.hpp"
#include "flow/oauth/loss_world.hpp"
#include "flow/oauth/rp_logout.hpp"

using testing::LossWorld;

namespace {

const crypto::SigningKey& key_of_keeper() {
  static const auto key = crypto::SigningKey::generate(crypto::Algorithm::es256).value();
  return key;
}

/// A house in which one of each kind was issued.
class Wallet : public LossWorld {
 public:
  Wallet() {
    add_keeper();
    change_client("portal", [](rights::Client& client) { client.userinfo_alg = "ES256"; });
    REQUIRE(ask().empty());
    REQUIRE(agree().empty());
    add("a code", [this] { return get_code_again(); });
    add("an access token", [this] { return issue().access_token; });
    add("an ID token", [this] { return issue().id_token; });
    add("a refresh token", [this] { return issue().refresh_token; });
    add("a sealed access token", [this] {
      change_client("portal", [](rights::Client& client) { client.opaque_tokens = true; });
      const std::string sealed = issue().access_token;
      change_client("portal", [](rights::Client& client) { client.opaque_tokens = false; });
      return sealed;
    });
    add("signed userinfo", [this] { return flow::find_userinfo(*house, issue().access_token, facts())->jwt; });
    add("a logout token", [this] {
      return flow::make_logout_token(*house, find_client("portal"), anna.to_string(), "sid", now).value();
    });
    add("an assertion", [this] { return assert_keeper(); });
    add("an initial access token", [this] {
      get_initial_token();
      return initial_token;
    });
    add("the token of a registration", [this] {
      get_initial_token();
      register_it();
      client_name = "portal";
      return management.token;
    });
    add("a personal token", [this] {
      make_own_token();
      return token;
    });
    add("a reference of a pushed request", [this] {
      push();
      return pushed_uri;
    });
    add("a device code", [this] {
      client_name = "television";
      begin_device();
      client_name = "portal";
      return device_code;
    });
  }

  struct Held {
    std::string name;
    std::function<std::string()> make;
  };
  std::vector<Held> all;

  flow::IssuedTokens issue() {
    auto wish = redemption(get_code_again());
    auto done = redeem(wish);
    REQUIRE_FALSE(done.refusal);
    return done.tokens;
  }
  std::string assert_keeper() {
    base::JsonObject claims;
    claims.text("iss", "keeper").text("sub", "keeper").text("aud", house->settings.site.issuer);
    claims.text("jti", std::to_string(++count_)).number("exp", base::to_seconds(now) + 60);
    return crypto::sign_jwt(key_of_keeper(), "JWT", claims.finish()).value();
  }

 private:
  void add(const char* name, std::function<std::string()> make) { all.push_back({name, std::move(make)}); }
  std::string get_code_again() {
    auto outcome = flow::authorize(*house, wished, nullptr, cookie, facts()).value();
    REQUIRE(std::holds_alternative<flow::CodeIssued>(outcome));
    return std::get<flow::CodeIssued>(outcome).code;
  }
  void add_keeper() {
    rights::Client keeper = rights::draft_client(rights::ClientKind::machine);
    keeper.client_id = keeper.name = "keeper";
    keeper.auth = rights::ClientAuth::private_key_jwt;
    keeper.jwks = base::JsonObject().raw("keys", base::JsonArray().raw(key_of_keeper().public_jwk()).finish()).finish();
    add_client(keeper, "");
  }
  int count_ = 0;
};

/// Where something is presented, and whether it was taken.
struct Place {
  std::string name;
  std::vector<std::string_view> takes;
  std::function<bool(Wallet&, const std::string&)> is_taken;
};

bool is_active(Wallet& f, const std::string& text) {
  const flow::ClientCredentials portal{flow::ClientMethod::basic, "portal", base::Secret("portal-secret")};
  return flow::introspect(*f.house, {portal, text}, f.facts())->claims.find(R"("active":true)") != std::string::npos;
}

std::vector<Place> list_places() {
  std::vector<Place> all;
  all.push_back({"userinfo", {"an access token", "a sealed access token"}, [](Wallet& f, const std::string& text) {
                   return !flow::find_userinfo(*f.house, text, f.facts())->refusal;
                 }});
  all.push_back({"introspection", {"an access token", "a sealed access token", "a refresh token"}, is_active});
  // What is no token of this client's is told to be revoked too (RFC 7009 §2.2), so its event counts.
  all.push_back(
      {"revocation",
       {"an access token", "a sealed access token", "a refresh token"},
       [](Wallet& f, const std::string& text) {
         const std::size_t before = f.events("token_revoke").size();
         const flow::ClientCredentials portal{flow::ClientMethod::basic, "portal", base::Secret("portal-secret")};
         REQUIRE(flow::revoke_token(*f.house, {portal, text}, f.facts()));
         return f.events("token_revoke").size() > before;
       }});
  all.push_back({"the API", {"a personal token"}, [](Wallet& f, const std::string& text) {
                   f.token = text;
                   f.call_scope = "verify";
                   return f.call().empty();
                 }});
  all.push_back({"the hint of a login", {"an ID token"}, [](Wallet& f, const std::string& text) {
                   flow::AuthorizationRequest asked = f.wished;
                   asked.id_token_hint = text;
                   return std::holds_alternative<flow::CodeIssued>(f.authorize(asked, f.cookie));
                 }});
  all.push_back({"the hint of a logout", {"an ID token"}, [](Wallet& f, const std::string& text) {
                   const auto outcome = flow::rp_logout(*f.house, {.id_token_hint = text}, f.cookie, f.facts()).value();
                   return std::holds_alternative<flow::LogoutOver>(outcome);
                 }});
  all.push_back(
      {"client authentication", {"an assertion"}, [](Wallet& f, const std::string& text) {
         const auto found = f.store->write([&](store::Tx& tx) {
           return flow::authenticate_client(*f.house, tx, {flow::ClientMethod::assertion, "keeper", {}, text}, f.now);
         });
         return found->reason.empty();
       }});
  all.push_back({"the secret of a client", {}, [](Wallet& f, const std::string& text) {
                   const auto found = f.store->write([&](store::Tx& tx) {
                     return flow::authenticate_client(
                         *f.house, tx, {flow::ClientMethod::basic, "portal", base::Secret(text), {}}, f.now);
                   });
                   return found->reason.empty();
                 }});
  all.push_back({"a code", {"a code"}, [](Wallet& f, const std::string& text) {
                   f.code = text;
                   return f.redeem_it().empty();
                 }});
  all.push_back({"a refresh token", {"a refresh token"}, [](Wallet& f, const std::string& text) {
                   f.refresh_token = text;
                   return f.renew().empty();
                 }});
  all.push_back({"a device code", {"a device code"}, [](Wallet& f, const std::string& text) {
                   const flow::ClientCredentials television{flow::ClientMethod::basic, "television",
                                                            base::Secret("television-secret")};
                   const auto done = flow::redeem_device_code(*f.house, {television, text}, f.facts());
                   return done->refusal && done->refusal->error == flow::OAuthError::authorization_pending;
                 }});
  all.push_back(
      {"a reference of a pushed request", {"a reference of a pushed request"}, [](Wallet& f, const std::string& text) {
         return flow::open_pushed_request(*f.house, "portal", text, flow::PushedTurn::arrival, f.now)->has_value();
       }});
  all.push_back({"registration", {"an initial access token"}, [](Wallet& f, const std::string& text) {
                   return !f.register_with(text, R"({"redirect_uris":["https://x.example.org/cb"]})").refusal;
                 }});
  all.push_back({"a registration", {"the token of a registration"}, [](Wallet& f, const std::string& text) {
                   if (f.management.client_id.empty()) {
                     f.get_initial_token();
                     f.register_it();
                   }
                   return !flow::read_registration(*f.house, {f.management.client_id, text}, f.facts())->refusal;
                 }});
  return all;
}

bool is_among(std::string_view name, const std::vector<std::string_view>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Other texts in which somebody could try to bring the same token, none of which is it.
std::vector<std::string> respell(const std::string& token) {
  std::vector<std::string> all{" " + token,         token + " ", token + "=",       token + "\n", "\t" + token,
                               token + "." + token, token + ".", "Bearer " + token, token + '\0'};
  std::string padded = token;
  padded.insert(token.size() / 2, "\r\n");
  all.push_back(padded);
  // Bits that the last character of base64 leaves unused (RFC 4648 §3.5): never the same token.
  for (const char last : {'A', 'B', 'C', 'D', 'P', 'Q', 'g', 'w', '-', '_'}) {
    if (token.back() != last) all.push_back(token.substr(0, token.size() - 1) + last);
  }
  return all;
}

}  // namespace

TEST_CASE("each token is taken only where it belongs") {
  for (const Place& place : list_places()) {
    const std::size_t count = Wallet().all.size();
    for (std::size_t i = 0; i < count; ++i) {
      Wallet f;
      const Wallet::Held& held = f.all.at(i);
      CAPTURE(place.name);
      CAPTURE(held.name);
      const std::string text = held.make();
      REQUIRE_FALSE(text.empty());
      CHECK(place.is_taken(f, text) == is_among(held.name, place.takes));
    }
  }
}

TEST_CASE("a token in any other spelling is not that token") {
  for (const Place& place : list_places()) {
    Wallet f;
    for (const Wallet::Held& held : f.all) {
      if (!is_among(held.name, place.takes)) continue;
      CAPTURE(place.name);
      CAPTURE(held.name);
      for (const std::string& text : respell(held.make())) {
        CAPTURE(text);
        CHECK_FALSE(place.is_taken(f, text));
      }
    }
  }
}
