#include "flow/grant/refresh_tokens.hpp"

#include <doctest/doctest.h>

#include <array>
#include <set>
#include <thread>
#include <vector>

#include "base/time.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/grant/find_userinfo.hpp"
#include "flow/grant/introspect.hpp"
#include "flow/grant/revoke_token.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/session/logout.hpp"
#include "flow/token/refresh_token.hpp"
#include "flow/token/token_settings.hpp"
#include "store/oauth/consents.hpp"
#include "store/oauth/grants.hpp"

using namespace std::chrono_literals;
using flow::OAuthError;

namespace {

const flow::ClientCredentials portal{flow::ClientMethod::basic, "portal", base::Secret("portal-secret")};
const flow::ClientCredentials laboratory{flow::ClientMethod::basic, "laboratory", base::Secret("laboratory-secret")};

/// A portal that may refresh.
class Refreshing : public testing::OidcFixture {
 public:
  Refreshing() {
    for (const char* client : {"portal", "laboratory"}) {
      change_client(client, [](rights::Client& one) {
        one.grants = {"authorization_code", "refresh_token"};
        one.scopes.emplace_back("offline_access");
      });
    }
    cookie = log_in();
  }

  std::string begin() { return get_tokens(cookie).refresh_token; }

  flow::Redeemed refresh(const std::string& token, const flow::ClientCredentials& client = portal,
                         const std::string& scope = {}) {
    auto done = flow::refresh_tokens(*house, {client, token, scope, {}}, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return std::move(*done);
  }
  std::string refreshed(const std::string& token) {
    const auto done = refresh(token);
    REQUIRE_MESSAGE(!done.refusal, done.refusal->description);
    return done.tokens.refresh_token;
  }
  bool is_refused(const std::string& token, const flow::ClientCredentials& client = portal) {
    const auto done = refresh(token, client);
    return done.refusal && done.refusal->error == OAuthError::invalid_grant;
  }
  [[nodiscard]] bool is_accepted(const std::string& access_token) const {
    const auto answer = flow::find_userinfo(*house, access_token, facts());
    return answer && !answer->refusal;
  }

  std::string cookie;
};

}  // namespace

TEST_CASE("a client that is registered for it gets a refresh token, and with it new tokens of the same login") {
  Refreshing f;
  const auto first = f.get_tokens(f.cookie);
  REQUIRE(first.refresh_token.size() == 70);
  f.now += 5min;
  const auto second = f.refresh(first.refresh_token).tokens;
  CHECK(second.refresh_token != first.refresh_token);
  CHECK(second.access_token != first.access_token);
  CHECK(second.scope == first.scope);
  CHECK_FALSE(second.id_token.empty());
  // It is no login, neither in the log nor where the person looks at them (S4.18).
  CHECK(f.events("login").size() == 1);
  CHECK(f.is_accepted(second.access_token));
  CHECK(f.events("token_issue").size() == 2);
}

TEST_CASE("a client that is not registered for it gets none, and may not use one") {
  testing::OidcFixture f;
  CHECK(f.get_tokens(f.log_in()).refresh_token.empty());
  const auto done = flow::refresh_tokens(*f.house, {portal, "x", {}, {}}, f.facts());
  CHECK(done->refusal->error == OAuthError::unauthorized_client);
}

TEST_CASE("the same refresh token again within its grace gives the same successor: an answer was lost") {
  Refreshing f;
  const std::string first = f.begin();
  const std::string second = f.refreshed(first);
  f.now += 9s;
  CHECK(f.refreshed(first) == second);
  CHECK_FALSE(f.refreshed(second).empty());
}

TEST_CASE("a refresh token that comes again after its grace ends all that was issued, and is audited once") {
  Refreshing f;
  const auto tokens = f.get_tokens(f.cookie);
  const std::string second = f.refreshed(tokens.refresh_token);
  f.now += 10s;
  CHECK(f.is_refused(tokens.refresh_token));
  CHECK(f.events("refresh_replay").size() == 1);
  CHECK(f.is_refused(second));
  CHECK_FALSE(f.is_accepted(tokens.access_token));
  CHECK(f.is_refused(tokens.refresh_token));
  CHECK(f.events("refresh_replay").size() == 1);
}

TEST_CASE("the token before the one before ends the family, also within the grace") {
  Refreshing f;
  const std::string first = f.begin();
  const std::string third = f.refreshed(f.refreshed(first));
  CHECK(f.is_refused(first));
  CHECK(f.is_refused(third));
}

TEST_CASE("many refreshes at once with the same token give one successor, and lose nothing") {
  Refreshing f;
  std::string token = f.begin();
  for (int round = 0; round < 20; ++round) {
    constexpr std::size_t at_once = 4;
    std::array<std::string, at_once> got;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < at_once; ++i) {
      threads.emplace_back([&, i] {
        const auto done = flow::refresh_tokens(*f.house, {portal, token, {}, {}}, f.facts());
        if (done && !done->refusal) got.at(i) = done->tokens.refresh_token;
      });
    }
    for (std::thread& thread : threads) thread.join();
    REQUIRE(std::set<std::string>(got.begin(), got.end()).size() == 1);
    REQUIRE_FALSE(got.at(0).empty());
    token = got.at(0);
  }
  CHECK(f.events("refresh_replay").empty());
}

TEST_CASE("another client's refresh token is refused, and stays good for its owner") {
  Refreshing f;
  const std::string token = f.begin();
  CHECK(f.is_refused(token, laboratory));
  CHECK_FALSE(f.refreshed(token).empty());
}

TEST_CASE("a refresh token that was not made here is refused") {
  Refreshing f;
  const std::string token = f.begin();
  std::string altered = token;
  altered[10] = altered[10] == 'A' ? 'B' : 'A';
  std::string other_end = token;
  other_end[60] = other_end[60] == 'A' ? 'B' : 'A';
  for (const std::string& wrong :
       {std::string(), std::string("x"), altered, other_end, token + "A", token.substr(0, 69), std::string(70, 'A')}) {
    CAPTURE(wrong);
    CHECK(f.is_refused(wrong));
  }
  CHECK_FALSE(f.refreshed(token).empty());
}

TEST_CASE("a later generation cannot be guessed from the one at hand") {
  Refreshing f;
  const auto parsed = flow::parse_refresh_token(*f.house, f.begin());
  REQUIRE(parsed);
  const std::string next = flow::print_refresh_token(*f.house, {parsed->grant_id, parsed->generation + 1});
  // Made with the key: of a generation that does not count yet, which is a replay to whoever presents it.
  CHECK(f.is_refused(next));
}

TEST_CASE("fewer scopes may be asked for and come back with the next use, more may not") {
  Refreshing f;
  const std::string first = f.begin();
  const auto fewer = f.refresh(first, portal, "openid");
  REQUIRE_FALSE(fewer.refusal);
  CHECK(fewer.tokens.scope == "openid");
  const auto more = f.refresh(fewer.tokens.refresh_token, portal, "openid phone");
  CHECK(more.refusal->error == OAuthError::invalid_scope);
  const auto all = f.refresh(fewer.tokens.refresh_token);
  REQUIRE_FALSE(all.refusal);
  CHECK(all.tokens.scope == "openid profile email");
}

TEST_CASE("a refresh token ends with its session, by logout, by suspension, by time, and with its client") {
  Refreshing f;
  const std::string token = f.begin();
  SUBCASE("logout") {
    const auto visitor = flow::find_visitor(*f.house, f.cookie, f.facts());
    REQUIRE(flow::logout(*f.house, *visitor, audit::why::logout, f.facts()));
  }
  SUBCASE("suspension") {
    REQUIRE(flow::suspend_account(*f.house, Refreshing::operator_actor(), "anna.kowalska", f.facts()));
  }
  SUBCASE("the client is switched off") {
    f.change_client("portal", [](rights::Client& client) { client.enabled = false; });
    CHECK(f.refresh(token).refusal->error == OAuthError::invalid_client);
    return;
  }
  SUBCASE("the session's time is over") {
    f.now += 24h * 30;
  }
  CHECK(f.is_refused(token));
}

TEST_CASE("introspection tells a refresh token to its owner, and revocation ends it with all that it gave") {
  Refreshing f;
  const auto tokens = f.get_tokens(f.cookie);
  const auto ask = [&](const std::string& token, const flow::ClientCredentials& client = portal) {
    return flow::introspect(*f.house, {client, token}, f.facts())->claims;
  };
  CHECK(ask(tokens.refresh_token).find(R"("active":true)") != std::string::npos);
  CHECK(ask(tokens.refresh_token).find(R"("username":"anna.kowalska")") != std::string::npos);
  CHECK(ask(tokens.refresh_token, laboratory) == R"({"active":false})");
  CHECK(flow::revoke_token(*f.house, {laboratory, tokens.refresh_token}, f.facts())->refusal->error ==
        OAuthError::unauthorized_client);
  CHECK(f.is_accepted(tokens.access_token));
  CHECK_FALSE(flow::revoke_token(*f.house, {portal, tokens.refresh_token}, f.facts())->refusal);
  CHECK(ask(tokens.refresh_token) == R"({"active":false})");
  CHECK(ask(tokens.access_token) == R"({"active":false})");
  CHECK_FALSE(f.is_accepted(tokens.access_token));
  CHECK(f.is_refused(tokens.refresh_token));
  CHECK(f.events("token_revoke").size() == 1);
}

TEST_CASE("a scope that was taken from the application is in no later token, and userinfo tells nothing of it") {
  Refreshing f;
  const auto before = f.get_tokens(f.cookie);
  f.change_client("portal", [](rights::Client& client) { client.scopes = {"openid"}; });
  CHECK(flow::find_userinfo(*f.house, before.access_token, f.facts())->claims.find("Kowalska") == std::string::npos);
  CHECK(flow::introspect(*f.house, {portal, before.refresh_token}, f.facts())->claims.find("profile") ==
        std::string::npos);
  const auto after = f.refresh(before.refresh_token);
  REQUIRE_FALSE(after.refusal);
  CHECK(after.tokens.scope == "openid");
  CHECK(flow::introspect(*f.house, {portal, before.access_token}, f.facts())->claims.find("profile") ==
        std::string::npos);
}

TEST_CASE("an application that is no longer of the house needs the consent that nobody gave, for refreshing too") {
  Refreshing f;
  const auto tokens = f.get_tokens(f.cookie);
  const std::string code = f.get_code(f.cookie);
  f.change_client("portal", [](rights::Client& client) { client.is_first_party = false; });
  CHECK(f.is_refused(tokens.refresh_token));
  // The code and the access token that it has already are worth no more.
  CHECK(f.error_of(f.redemption(code)) == OAuthError::invalid_grant);
  CHECK_FALSE(f.is_accepted(tokens.access_token));
  f.change_client("portal", [](rights::Client& client) { client.is_first_party = true; });
  CHECK(f.is_accepted(tokens.access_token));
  CHECK_FALSE(f.refreshed(tokens.refresh_token).empty());
}

TEST_CASE(
    "the login name is told to applications of the house, to others with the scope profile, to pairwise ones never") {
  Refreshing f;
  const std::string token = f.get_tokens(f.cookie).access_token;
  const auto tells_login = [&] {
    return flow::introspect(*f.house, {portal, token}, f.facts())->claims.find("anna.kowalska") != std::string::npos;
  };
  CHECK(tells_login());
  const rights::Client asked = f.find_client("portal");
  REQUIRE(f.store->write([&](store::Tx& tx) {
    return store::put_consent(tx, {f.anna, asked.id, asked.tenant_id, "openid profile email", f.now, f.now});
  }));
  f.change_client("portal", [](rights::Client& client) { client.is_first_party = false; });
  CHECK(tells_login());
  f.change_client("portal", [](rights::Client& client) {
    client.is_first_party = true;
    client.is_pairwise = true;
  });
  CHECK_FALSE(tells_login());
}

TEST_CASE("refusals without end do not fill the audit log") {
  Refreshing f;
  const std::string token = f.begin();
  REQUIRE(flow::suspend_account(*f.house, Refreshing::operator_actor(), "anna.kowalska", f.facts()));
  for (int i = 0; i < 200; ++i) CHECK(f.is_refused(token));
  CHECK(f.events("token_refusal").size() < 30);
}
