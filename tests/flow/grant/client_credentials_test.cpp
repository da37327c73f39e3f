#include "flow/grant/client_credentials.hpp"

#include <doctest/doctest.h>

#include "flow/account/suspend_account.hpp"
#include "flow/grant/find_userinfo.hpp"
#include "flow/grant/introspect.hpp"
#include "flow/grant/revoke_token.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/house/read_claims.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/resource/administer_resources.hpp"

using flow::OAuthError;

namespace {

const flow::ClientCredentials robot{flow::ClientMethod::basic, "robot", base::Secret("robot-secret")};
const flow::ClientCredentials portal{flow::ClientMethod::basic, "portal", base::Secret("portal-secret")};

class Machines : public testing::OidcFixture {
 public:
  static constexpr const char* results = "https://results.example.org";

  Machines() {
    flow::ServerWish server;
    server.name = "Results";
    const auto made = flow::create_resource(*house, operator_actor(), {{}, results}, server, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    for (const char* scope : {"results:read", "results:write"}) {
      flow::ItemWish wish;
      wish.rule = flow::Conditions{"all"};
      const auto added =
          flow::add_item(*house, operator_actor(), {results, rights::ItemKind::scope, scope}, wish, facts());
      REQUIRE_MESSAGE(added, base::describe(added.error()));
    }
    rights::Client client;
    client.client_id = "robot";
    client.name = "Robot";
    client.kind = rights::ClientKind::machine;
    client.grants = {"client_credentials"};
    client.scopes = {"results:read", "results:write"};
    add_client(client, "robot-secret");
  }

  flow::Redeemed ask(const flow::MachineWish& wish) {
    auto done = flow::issue_to_machine(*house, wish, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return std::move(*done);
  }
  std::string state_of(const std::string& token, const flow::ClientCredentials& client = robot) {
    return flow::introspect(*house, {client, token}, facts())->claims;
  }
  /// Makes the robot one identity with an account of kind client_system.
  base::Id give_account() {
    flow::NewAccount wished;
    wished.login = "robot.account";
    wished.kind = identity::AccountKind::client_system;
    wished.family_name = "Robot";
    wished.contexts = {"user"};
    wished.password = base::Secret(password);
    const auto account = flow::create_account(*house, operator_actor(), wished, facts());
    REQUIRE_MESSAGE(account, base::describe(account.error()));
    change_client("robot", [&](rights::Client& client) { client.account_id = *account; });
    return *account;
  }
};

constexpr const char* inactive = R"({"active":false})";

}  // namespace

TEST_CASE("a client that acts for itself gets a token about itself, without a person, a session or a refresh token") {
  Machines f;
  const auto done = f.ask({robot, {}, {}, {}});
  REQUIRE_FALSE(done.refusal);
  CHECK(done.tokens.scope == "results:read results:write");
  CHECK(done.tokens.refresh_token.empty());
  CHECK(done.tokens.id_token.empty());
  const auto claims = flow::Claims::parse(*f.keys->verify("at+jwt", done.tokens.access_token, f.now)).value();
  CHECK(claims.text("sub") == "robot");
  CHECK(claims.text("client_id") == "robot");
  CHECK(claims.text("aud") == Machines::results);
  const auto events = f.events("token_issue");
  REQUIRE(events.size() == 1);
  CHECK(events[0].client == "robot");
  // Nobody logged in: there is no person to tell about.
  CHECK(flow::find_userinfo(*f.house, done.tokens.access_token, f.facts())->refusal->error ==
        OAuthError::invalid_token);
}

TEST_CASE("only registered scopes of resources are given, and none that speaks about a person") {
  Machines f;
  CHECK(f.ask({robot, "results:read", {}, {}}).tokens.scope == "results:read");
  for (const char* scope : {"openid", "results:read openid", "results:delete", "profile", "offline_access"}) {
    CAPTURE(scope);
    CHECK(f.ask({robot, scope, {}, {}}).refusal->error == OAuthError::invalid_scope);
  }
}

TEST_CASE("a public client and one that is not registered for it may not act for themselves") {
  Machines f;
  CHECK(f.ask({portal, {}, {}, {}}).refusal->error == OAuthError::unauthorized_client);
  const flow::ClientCredentials spa{flow::ClientMethod::none, "spa", base::Secret()};
  f.change_client("spa", [](rights::Client& client) { client.grants.emplace_back("client_credentials"); });
  CHECK(f.ask({spa, {}, {}, {}}).refusal->error == OAuthError::unauthorized_client);
  flow::ClientCredentials wrong = robot;
  wrong.secret = base::Secret("another-secret");
  CHECK(f.ask({wrong, {}, {}, {}}).refusal->error == OAuthError::invalid_client);
}

TEST_CASE("a client that belongs to an account acts as that account, in its context, and its events name both") {
  Machines f;
  const base::Id account = f.give_account();
  const auto done = f.ask({robot, {}, {}, {}});
  REQUIRE_FALSE(done.refusal);
  const std::string text = *f.keys->verify("at+jwt", done.tokens.access_token, f.now);
  const auto claims = flow::Claims::parse(text).value();
  CHECK(claims.text("sub") == account.to_string());
  CHECK(claims.text("account_kind") == "client_system");
  CHECK(text.find(R"("context":{"id":"user")") != std::string::npos);
  const auto event = f.events("token_issue").at(0);
  CHECK(event.actor == account);
  CHECK(event.client == "robot");
  CHECK(event.context == "user");
  CHECK(f.ask({robot, {}, {}, "administrator"}).refusal->error == OAuthError::unauthorized_client);
}

TEST_CASE("when the account is suspended its client gets nothing more, and its tokens are not active any more") {
  Machines f;
  f.give_account();
  const std::string token = f.ask({robot, {}, {}, {}}).tokens.access_token;
  CHECK(f.state_of(token).find(R"("active":true)") != std::string::npos);
  REQUIRE(flow::suspend_account(*f.house, Machines::operator_actor(), "robot.account", f.facts()));
  CHECK(f.ask({robot, {}, {}, {}}).refusal->error == OAuthError::invalid_client);
  f.change_client("robot", [](rights::Client& client) { client.account_id.reset(); });
  f.change_client("robot", [](rights::Client& client) { client.enabled = false; });
  CHECK(f.state_of(token, portal) == inactive);
}

TEST_CASE("a token of a machine is told to itself and to resources of its organisation, and to nobody else") {
  Machines f;
  const std::string token = f.ask({robot, {}, {}, {}}).tokens.access_token;
  CHECK(f.state_of(token).find(R"("client_id":"robot")") != std::string::npos);
  CHECK(f.state_of(token, portal) == inactive);
  rights::Client api;
  api.client_id = "api";
  api.name = "API";
  api.kind = rights::ClientKind::resource;
  api.grants.clear();
  f.add_client(api, "api-secret");
  flow::ServerWish wish;
  wish.client = "api";
  REQUIRE(flow::change_resource(*f.house, Machines::operator_actor(), Machines::results, wish, f.facts()));
  const flow::ClientCredentials as_api{flow::ClientMethod::basic, "api", base::Secret("api-secret")};
  CHECK(f.state_of(token, as_api).find(R"("scope":"results:read results:write")") != std::string::npos);
  CHECK(f.state_of("nonsense", as_api) == inactive);
  flow::ClientCredentials wrong = as_api;
  wrong.secret = base::Secret("wrong");
  CHECK(flow::introspect(*f.house, {wrong, token}, f.facts())->refusal->error == OAuthError::invalid_client);
}

TEST_CASE("an API that registered itself is told about nobody's tokens") {
  Machines f;
  const std::string token = f.get_tokens(f.log_in()).access_token;
  rights::Client api;
  api.client_id = "api";
  api.name = "API";
  api.kind = rights::ClientKind::resource;
  api.grants.clear();
  f.add_client(api, "api-secret");
  const flow::ClientCredentials as_api{flow::ClientMethod::basic, "api", base::Secret("api-secret")};
  CHECK(f.state_of(token, as_api).find(R"("active":true)") != std::string::npos);
  f.change_client("api", [](rights::Client& client) { client.is_dynamic = true; });
  CHECK(f.state_of(token, as_api) == inactive);
}

TEST_CASE("a revoked token of a machine is not active any more, and a second revocation is no error") {
  Machines f;
  const std::string token = f.ask({robot, {}, {}, {}}).tokens.access_token;
  const std::string other = f.ask({robot, {}, {}, {}}).tokens.access_token;
  CHECK(flow::revoke_token(*f.house, {portal, token}, f.facts())->refusal->error == OAuthError::unauthorized_client);
  for (int i = 0; i < 2; ++i) CHECK_FALSE(flow::revoke_token(*f.house, {robot, token}, f.facts())->refusal);
  CHECK(f.state_of(token) == inactive);
  CHECK(f.state_of(other).find(R"("active":true)") != std::string::npos);
  CHECK(f.events("token_revoke").size() == 1);
}

TEST_CASE("a client that wants nobody to read its tokens gets sealed ones, which say the same to introspection") {
  Machines f;
  f.change_client("robot", [](rights::Client& client) { client.opaque_tokens = true; });
  const std::string token = f.ask({robot, "results:read", {}, {}}).tokens.access_token;
  CHECK(token.starts_with("chy_at_"));
  CHECK(token.find('.') == std::string::npos);
  CHECK(f.state_of(token).find(R"("scope":"results:read")") != std::string::npos);
  std::string altered = token;
  altered[20] = altered[20] == 'A' ? 'B' : 'A';
  CHECK(f.state_of(altered) == inactive);
  f.now += std::chrono::minutes(10);
  CHECK(f.state_of(token) == inactive);
}

TEST_CASE("a token ends with the client that it was issued to, also if another one gets its name") {
  Machines f;
  const auto first = f.ask({robot, {}, {}, {}});
  REQUIRE_FALSE(first.refusal);
  CHECK(f.state_of(first.tokens.access_token) != inactive);
  rights::Client again = f.find_client("robot");
  REQUIRE(flow::delete_client(*f.house, f.operator_actor(), "robot", f.facts()));
  f.now += std::chrono::seconds(1);
  f.add_client(again, "robot-secret");
  CHECK(f.state_of(first.tokens.access_token) == inactive);
  CHECK(f.state_of(f.ask({robot, {}, {}, {}}).tokens.access_token) != inactive);
}

TEST_CASE("a token of a client speaks of the account to which the client belonged, and of no other one") {
  Machines f;
  const auto alone = f.ask({robot, {}, {}, {}});
  f.give_account();
  CHECK(f.state_of(alone.tokens.access_token) == inactive);
  const auto as_account = f.ask({robot, {}, {}, {}});
  CHECK(f.state_of(as_account.tokens.access_token) != inactive);
  flow::NewAccount other;
  other.login = "other.account";
  other.kind = identity::AccountKind::client_system;
  other.family_name = "Other";
  other.contexts = {"user"};
  other.password = base::Secret(f.password);
  const auto id = flow::create_account(*f.house, f.operator_actor(), other, f.facts());
  REQUIRE(id);
  f.change_client("robot", [&](rights::Client& client) { client.account_id = *id; });
  CHECK(f.state_of(as_account.tokens.access_token) == inactive);
}
