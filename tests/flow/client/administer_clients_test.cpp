#include "flow/client/administer_clients.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "flow/account/create_account.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/audit/read_audit.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/login/own_sessions.hpp"
#include "flow/oauth/list_applications.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/proof_settings.hpp"
#include "flow/proof/prove_again.hpp"

using namespace std::chrono_literals;
using testing::OidcFixture;

namespace {

struct Office : OidcFixture {
  [[nodiscard]] base::Result<bool> change(const flow::ClientWish& wish, const std::string& client_id = "portal") {
    return flow::change_client(*house, operator_actor(), client_id, wish, facts());
  }
  std::string detail(const audit::Event& event, const std::string& wanted) {
    for (const auto& [name, value] : flow::audit_details(event)) {
      if (name == wanted) return value;
    }
    return {};
  }
  /// Of a code that is redeemed with this secret.
  std::optional<flow::OAuthError> refusal_with(const std::string& secret) {
    auto wished = redemption(get_code(log_in()));
    wished.client.secret = base::Secret(secret);
    return error_of(wished);
  }
};

}  // namespace

TEST_CASE("a changed client is recorded with the fields that differ, before and after") {
  Office f;
  flow::ClientWish wish;
  wish.name = "Gate";
  wish.scopes = std::vector<std::string>{"openid"};
  wish.level = 1;  // as it is
  CHECK(f.change(wish).value());
  const rights::Client client = f.find_client("portal");
  CHECK(client.name == "Gate");
  CHECK(client.scopes == std::vector<std::string>{"openid"});
  CHECK(client.redirect_uris == std::vector<std::string>{OidcFixture::portal_uri});
  const auto event = f.events("client_change").front();
  CHECK(event.client == "portal");
  CHECK(f.detail(event, "fields") == "name scopes");
  CHECK(f.detail(event, "old") == "name=Portal; scopes=openid profile email");
  CHECK(f.detail(event, "new") == "name=Gate; scopes=openid");
  CHECK_FALSE(f.change(wish).value());
  CHECK(f.events("client_change").size() == 1);
}

TEST_CASE("a client that is registered is recorded with all that it was given but its secret") {
  Office f;
  const auto event = f.events("client_create").back();
  const std::string made = f.detail(event, "new");
  CHECK(made.find("redirect_uris=https://portal.example.org/callback; ") != std::string::npos);
  CHECK(made.find("scopes=openid profile email; ") != std::string::npos);
  CHECK(made.find("portal-secret") == std::string::npos);
}

TEST_CASE("a change that would break a client is refused whole") {
  Office f;
  flow::ClientWish wish;
  wish.name = "Gate";
  wish.redirect_uris = std::vector<std::string>{"http://portal.example.org/callback"};
  const auto refused = f.change(wish);
  CHECK(refused.error().code == base::Code::invalid_input);
  CHECK(refused.error().reason.find("http to another host") != std::string::npos);
  CHECK(f.find_client("portal").name == "Portal");
  flow::ClientWish public_one;
  public_one.require_pkce = false;
  CHECK(f.change(public_one, "spa").error().code == base::Code::invalid_input);
  CHECK(f.change({}, "nobody").error().code == base::Code::not_found);
  CHECK(f.events("client_change").empty());
}

TEST_CASE("nothing is issued for a disabled client, until it is enabled again") {
  Office f;
  const std::string cookie = f.log_in();
  const std::string code = f.get_code(cookie);
  const auto tokens = f.get_tokens(cookie);
  flow::ClientWish off;
  off.enabled = false;
  REQUIRE(f.change(off).value());
  CHECK(f.error_of(OidcFixture::redemption(code)) == flow::OAuthError::invalid_client);
  CHECK_FALSE(std::holds_alternative<flow::CodeIssued>(f.authorize(OidcFixture::request(), cookie)));
  flow::ClientWish on;
  on.enabled = true;
  REQUIRE(f.change(on).value());
  CHECK_FALSE(f.get_code(cookie).empty());
  const auto event = f.events("client_change").front();
  CHECK(f.detail(event, "old") == "enabled=no");
  CHECK(f.detail(event, "new") == "enabled=yes");
}

TEST_CASE("a new secret takes the place of the old one, which may be used for as long as it is told") {
  Office f;
  const auto made = flow::rotate_client_secret(*f.house, f.operator_actor(), "portal", {{}, 24h}, f.facts());
  REQUIRE(made);
  CHECK(made->reveal().size() == 43);
  CHECK_FALSE(f.refusal_with(std::string(made->reveal())));
  CHECK_FALSE(f.refusal_with("portal-secret"));
  f.now += 24h;
  CHECK(f.refusal_with("portal-secret") == flow::OAuthError::invalid_client);
  CHECK_FALSE(f.refusal_with(std::string(made->reveal())));
  const auto event = f.events("client_change").front();
  CHECK(f.detail(event, "fields") == "secret");
  CHECK(f.detail(event, "old_until") == "2026-11-22T09:00:00.000Z");
  CHECK(event.data.find(made->reveal()) == std::string::npos);
}

TEST_CASE("a secret that got out ends at once, and of three the oldest is gone") {
  Office f;
  REQUIRE(flow::rotate_client_secret(*f.house, f.operator_actor(), "portal", {base::Secret("second"), 48h}, f.facts()));
  REQUIRE(flow::rotate_client_secret(*f.house, f.operator_actor(), "portal", {base::Secret("third"), 24h}, f.facts()));
  CHECK(f.refusal_with("portal-secret") == flow::OAuthError::invalid_client);
  CHECK_FALSE(f.refusal_with("second"));
  CHECK_FALSE(f.refusal_with("third"));
  REQUIRE(flow::rotate_client_secret(*f.house, f.operator_actor(), "portal", {base::Secret("fourth"), {}}, f.facts()));
  CHECK(f.refusal_with("third") == flow::OAuthError::invalid_client);
  CHECK_FALSE(f.refusal_with("fourth"));
  const auto of_public = flow::rotate_client_secret(*f.house, f.operator_actor(), "spa", {}, f.facts());
  CHECK(of_public.error().code == base::Code::invalid_input);
}

TEST_CASE("a deleted client is unknown, what it was given ends, and its client_id can be registered again") {
  Office f;
  const std::string cookie = f.log_in();
  const std::string code = f.get_code(cookie);
  const base::Id before = f.find_client("portal").id;
  REQUIRE(flow::delete_client(*f.house, f.operator_actor(), "portal", f.facts()));
  CHECK(f.error_of(OidcFixture::redemption(code)) == flow::OAuthError::invalid_client);
  CHECK_FALSE(
      f.store->read([](store::Tx& tx) { return store::find_client(tx, std::string_view("portal")); })->has_value());
  const auto left = flow::list_clients(*f.house, f.operator_actor()).value();
  CHECK(left.size() == 2);
  CHECK(std::none_of(left.begin(), left.end(), [&](const auto& client) { return client.id == before; }));
  CHECK(flow::find_named_client(*f.house, f.operator_actor(), "portal").error().code == base::Code::not_found);
  CHECK(flow::find_named_client(*f.house, f.operator_actor(), "deleted:" + before.to_string()).error().code ==
        base::Code::not_found);
  CHECK(flow::delete_client(*f.house, f.operator_actor(), "portal", f.facts()).error().code == base::Code::not_found);
  const auto event = f.events("client_delete").front();
  CHECK(event.client == "portal");
  CHECK(f.detail(event, "old").find("name=Portal; ") == 0);

  rights::Client again;
  again.client_id = "portal";
  again.name = "Portal";
  again.redirect_uris = {OidcFixture::portal_uri};
  again.scopes = {"openid", "profile", "email"};
  f.add_client(again, "portal-secret");
  CHECK(f.error_of(OidcFixture::redemption(code)) == flow::OAuthError::invalid_grant);
  CHECK_FALSE(f.get_code(cookie).empty());
}

TEST_CASE("only who administers clients sees and changes them") {
  Office f;
  const auto visitor = flow::find_visitor(*f.house, f.log_in(), f.facts()).value();
  REQUIRE(visitor.actor);
  const rights::Actor& anna = *visitor.actor;
  CHECK(f.change({}, "portal").has_value());
  CHECK(flow::list_clients(*f.house, anna).error().code == base::Code::denied);
  CHECK(flow::find_named_client(*f.house, anna, "portal").error().code == base::Code::denied);
  CHECK(flow::change_client(*f.house, anna, "portal", {}, f.facts()).error().code == base::Code::denied);
  CHECK(flow::rotate_client_secret(*f.house, anna, "portal", {}, f.facts()).error().code == base::Code::denied);
  CHECK(flow::delete_client(*f.house, anna, "portal", f.facts()).error().code == base::Code::denied);
}

TEST_CASE("a secret that was given has the strength of one that is made") {
  Office f;
  f.settings.site.demo = false;
  rights::Client client;
  client.client_id = "radiology";
  client.name = "Radiology";
  client.redirect_uris = {"https://radiology.example/callback"};
  for (const char* weak : {"x", "Meadow-Violet-2026", "0123456789abcdef0123456789abcde",
                           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "123123123123123123123123123123123123123123"}) {
    CAPTURE(weak);
    const auto made = flow::create_client(*f.house, f.operator_actor(), client, base::Secret(weak), f.facts());
    REQUIRE_FALSE(made);
    CHECK(made.error().code == base::Code::invalid_input);
    CHECK(made.error().reason.find("at least 32 characters") != std::string::npos);
    CHECK_FALSE(
        flow::rotate_client_secret(*f.house, f.operator_actor(), "portal", {base::Secret(weak), 24h}, f.facts()));
  }
  CHECK_FALSE(f.refusal_with("portal-secret"));  // as before
  CHECK(flow::create_client(*f.house, f.operator_actor(), client, base::Secret("0123456789abcdef0123456789abcdef"),
                            f.facts()));
}

TEST_CASE("a person reads the name of an application in her language, and it is the one of now") {
  Office f;
  flow::ClientWish wish;
  wish.name_de = "Tor";
  wish.name_pl = "Brama";
  wish.launch_uri = "https://portal.example.org/";
  REQUIRE(f.change(wish).value());
  const std::string cookie = f.log_in();
  f.get_tokens(cookie);
  const auto visitor = flow::find_visitor(*f.house, cookie, f.facts()).value();
  using text::Language;
  for (const auto& [language, name] :
       {std::pair{Language::en, "Portal"}, {Language::de, "Tor"}, {Language::pl, "Brama"}}) {
    CAPTURE(std::string(name));
    CHECK(flow::list_applications(*f.house, *visitor.actor, language).value().at(0).name == name);
    CHECK(flow::find_application(*f.house, "portal", language).value()->name == name);
    CHECK(flow::find_application_name(*f.house, "portal", language).value() == name);
    flow::SessionsWish sessions;
    sessions.language = language;
    const auto open = flow::list_own_sessions(*f.house, *visitor.actor, sessions, f.now).value();
    CHECK(open.rows.at(0).applications == std::vector<std::string>{name});
  }
  CHECK(flow::find_application_name(*f.house, "nobody", Language::de).value().empty());
  flow::ClientWish renamed;
  renamed.name_de = "";
  REQUIRE(f.change(renamed).value());
  CHECK(flow::find_application_name(*f.house, "portal", Language::de).value() == "Portal");
  const auto event = f.events("client_change").front();
  CHECK(f.detail(event, "old") == "name_de=Tor");
  CHECK(f.detail(event, "new") == "name_de=");
}

TEST_CASE("a program's client and its account are one identity: suspended is suspended") {
  Office f;
  flow::NewAccount wished;
  wished.login = "praxis-7";
  wished.kind = identity::AccountKind::client_system;
  const auto system = flow::create_account(*f.house, f.operator_actor(), wished, f.facts());
  REQUIRE_MESSAGE(system, base::describe(system.error()));
  flow::ClientWish wish;
  wish.account = "praxis-7";
  REQUIRE(f.change(wish).value());
  CHECK(f.find_client("portal").account_id == *system);
  const auto event = f.events("client_change").front();
  CHECK(f.detail(event, "fields") == "account");
  CHECK(f.detail(event, "new") == "account=" + system->to_string());
  CHECK_FALSE(f.refusal_with("portal-secret"));
  const std::string cookie = f.log_in();
  const std::string code = f.get_code(cookie);
  REQUIRE(flow::suspend_account(*f.house, f.operator_actor(), "praxis-7", f.facts()));
  CHECK(f.error_of(f.redemption(code)) == flow::OAuthError::invalid_client);
  CHECK(f.detail(f.events("token_refusal").front(), "reason") == "account_not_active");
  // Nor does a person get a code for it.
  CHECK(f.refusal_of(f.request(), cookie) == flow::OAuthError::access_denied);
  CHECK(f.detail(f.events("token_refusal").front(), "reason") == "client_disabled");
  REQUIRE(flow::restore_account(*f.house, f.operator_actor(), "praxis-7", f.facts()));
  CHECK_FALSE(f.refusal_with("portal-secret"));
}

TEST_CASE("a client belongs to no person, to no account that is not there, and to none of another tenant") {
  Office f;
  flow::ClientWish wish;
  wish.account = "anna.kowalska";
  CHECK(f.change(wish).error().code == base::Code::invalid_input);
  wish.account = "nobody";
  CHECK(f.change(wish).error().code == base::Code::not_found);
  rights::Client client;
  client.client_id = "radiology";
  client.name = "Radiology";
  client.redirect_uris = {"https://radiology.example/callback"};
  client.account_id = f.anna;
  const auto made = flow::create_client(*f.house, f.operator_actor(), client, {}, f.facts());
  CHECK(made.error().code == base::Code::invalid_input);
  CHECK_FALSE(f.find_client("portal").account_id);
  flow::ClientWish none;
  none.account = "";
  CHECK_FALSE(f.change(none).value());
}

TEST_CASE("that a client may write events is a value of its own, which a public client never has") {
  Office f;
  flow::ClientWish wish;
  wish.writes_events = true;
  REQUIRE(f.change(wish).value());
  CHECK(f.find_client("portal").writes_events);
  CHECK(f.detail(f.events("client_change").front(), "new") == "writes_events=yes");
  CHECK(f.change(wish, "spa").error().code == base::Code::invalid_input);
}

TEST_CASE("a change of a client that somebody else has changed meanwhile is refused, and nothing is overwritten") {
  Office f;
  flow::ClientWish wish;
  wish.version = f.find_client("portal").version;
  wish.name = "Gate";
  REQUIRE(f.change(wish).value());
  wish.name = "Door";
  CHECK(f.change(wish).error().code == base::Code::conflict);
  CHECK(f.find_client("portal").name == "Gate");
  wish.version = f.find_client("portal").version;
  CHECK(f.change(wish).value());
}

TEST_CASE("what a change would spoil is told by field before it is made") {
  Office f;
  flow::ClientWish wish;
  wish.name = "";
  wish.redirect_uris = std::vector<std::string>{"http://elsewhere.example/"};
  const auto flaws = flow::judge_change(*f.house, f.operator_actor(), "portal", wish).value();
  REQUIRE(flaws.size() == 2);
  CHECK(flaws.at(0).field == "name");
  CHECK(flaws.at(1).code == "uri_http");
  CHECK(flaws.at(1).value == "http://elsewhere.example/");
}

TEST_CASE("the old one of two secrets is ended before its time, and the new one stays") {
  Office f;
  CHECK(flow::end_old_secret(*f.house, f.operator_actor(), "portal", f.facts()).error().code == base::Code::conflict);
  REQUIRE(flow::rotate_client_secret(*f.house, f.operator_actor(), "portal", {base::Secret("second"), 24h}, f.facts()));
  REQUIRE_FALSE(f.refusal_with("portal-secret"));
  CHECK(f.find_client("portal").secrets.at(0).made_at == f.now);
  REQUIRE(flow::end_old_secret(*f.house, f.operator_actor(), "portal", f.facts()));
  CHECK(f.refusal_with("portal-secret") == flow::OAuthError::invalid_client);
  CHECK_FALSE(f.refusal_with("second"));
  CHECK(f.detail(f.events("client_change").front(), "old_until") == base::to_rfc3339(f.now));
  CHECK(flow::end_old_secret(*f.house, f.operator_actor(), "spa", f.facts()).error().code == base::Code::conflict);
}

TEST_CASE("when a client was last used is known to the hour, and its version stays") {
  Office f;
  const std::string cookie = f.log_in();
  const auto before = f.find_client("portal");
  CHECK_FALSE(before.last_used_at);
  f.get_tokens(cookie);
  const base::Time first = f.now;
  CHECK(f.find_client("portal").last_used_at == first);
  f.now += 59min;
  f.get_tokens(f.log_in());
  CHECK(f.find_client("portal").last_used_at == first);
  f.now += 1min;
  f.get_tokens(f.log_in());
  CHECK(f.find_client("portal").last_used_at == f.now);
  CHECK(f.find_client("portal").version == before.version);
  CHECK(f.refusal_with("wrong") == flow::OAuthError::invalid_client);
}

TEST_CASE("no application is made or changed without a fresh proof, whichever door asks") {
  testing::PersonFixture f;
  flow::NewAccount wished = f.wish("root");
  wished.contexts = {"super_administrator"};
  f.create(wished);
  const rights::Actor root = f.actor(f.log_in("root"));
  rights::Client client;
  client.client_id = "laboratory";
  client.name = "Laboratory";
  client.redirect_uris = {"https://laboratory.example.org/callback"};
  REQUIRE(flow::create_client(*f.house, root, client, {}, f.facts()));
  f.now += f.settings.proof.lasts;
  client.client_id = "ward";
  CHECK(flow::create_client(*f.house, root, client, {}, f.facts()).error().reason == flow::proof_needed);
  CHECK(flow::change_client(*f.house, root, "laboratory", {}, f.facts()).error().reason == flow::proof_needed);
  CHECK(flow::delete_client(*f.house, root, "laboratory", f.facts()).error().reason == flow::proof_needed);
  CHECK(flow::rotate_client_secret(*f.house, root, "laboratory", {}, f.facts()).error().reason == flow::proof_needed);
}
