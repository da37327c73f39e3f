#include "flow/resource/find_access.hpp"

#include <doctest/doctest.h>

#include "flow/grant/client_credentials.hpp"
#include "flow/grant/introspect.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/resource/results_fixture.hpp"
#include "store/group/groups.hpp"

using rights::ItemKind;
using testing::ResultsFixture;
using Words = std::vector<std::string>;
using flow::Conditions;

namespace {

struct Laboratory : ResultsFixture {
  Laboratory() {
    add_context("", "head");
    set({ItemKind::scope, "results:read"}, {.rule = {{"kind:employee"}}});
    set({ItemKind::scope, "results:write"}, {.rule = {{"context:head"}}});
    set({ItemKind::permission, "results.correct"}, {.scope = "results:write"});
    set({ItemKind::role, "head"}, {.rule = {{"context:head"}}, .permissions = {{"results.correct"}}});
    set({ItemKind::role, "reader"}, {.rule = {{"kind:employee"}}});
  }
};

}  // namespace

TEST_CASE("the same person gets other scopes, permissions and roles as ordinary user and as head") {
  Laboratory f;
  const auto as_user = f.access({});
  CHECK(as_user.scope == "openid results:read");
  CHECK(as_user.roles == Words{"reader"});
  CHECK(as_user.permissions.empty());
  const auto as_head = f.access({.context = "head"});
  CHECK(as_head.scope == "openid results:read results:write");
  CHECK(as_head.roles == Words{"head", "reader"});
  CHECK(as_head.permissions == Words{"results.correct"});
  CHECK(as_head.refused.empty());
}

TEST_CASE("a token that names no resource is for the servers of its scopes, and for userinfo with openid") {
  Laboratory f;
  const std::string issuer = f.settings.site.issuer;
  CHECK(f.access({}).audiences == Words{ResultsFixture::identifier, issuer});
  CHECK(f.access({.scope = "results:read"}).audiences == Words{ResultsFixture::identifier});
  // Nothing is granted there, so that the token is none for the server.
  CHECK(f.access({.scope = "openid results:write"}).audiences.empty());
  CHECK(f.access({.scope = "openid profile"}).audiences.empty());
  CHECK(f.access({.resource = ResultsFixture::identifier}).audiences == Words{ResultsFixture::identifier});
  const auto both = f.access({.resource = std::string(ResultsFixture::identifier) + " " + issuer});
  CHECK(both.audiences == Words{ResultsFixture::identifier, issuer});
  CHECK(both.roles == Words{"reader"});
}

TEST_CASE(
    "a token for several resource servers names no roles and permissions, because their names are of one server") {
  Laboratory f;
  f.create({"", "urn:example:archive"}, {.name = "Archive"});
  f.set({ItemKind::scope, "archive:read"}, {.rule = {{"all"}}}, "urn:example:archive");
  f.set({ItemKind::role, "keeper"}, {.rule = {{"all"}}}, "urn:example:archive");
  f.change_client("portal", [](rights::Client& client) { client.scopes.emplace_back("archive:read"); });
  const auto both = f.access({.scope = "results:read archive:read"});
  CHECK(both.audiences.size() == 2);
  CHECK(both.scope == "results:read archive:read");
  CHECK(both.roles.empty());
  CHECK(both.permissions.empty());
  const auto one = f.access({.resource = "urn:example:archive", .scope = "results:read archive:read"});
  CHECK(one.scope == "archive:read");
  CHECK(one.roles == Words{"keeper"});
}

TEST_CASE("who leaves the group has the right no more, from the next question on") {
  Laboratory f;
  REQUIRE(flow::create_group(*f.house, f.operator_actor(), {"", "night shift"}, f.facts()));
  f.change({ItemKind::scope, "results:read"}, {.rule = {{"group:night shift"}}});
  CHECK(f.access({.scope = "results:read"}).scope.empty());
  const auto group = f.store->read([&](store::Tx& tx) { return store::list_groups_of(tx, f.anna); }).value();
  CHECK(group.empty());
  const base::Id id = flow::list_groups(*f.house, f.operator_actor(), "")->front().id;
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::add_member(tx, id, f.anna); }).value());
  CHECK(f.access({.scope = "results:read"}).scope == "results:read");
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::remove_member(tx, id, f.anna); }).value());
  CHECK(f.access({.scope = "results:read"}).scope.empty());
}

TEST_CASE("a server that is switched off or deleted is no target, also for a grant that names it") {
  Laboratory f;
  const auto is_refused = [&] {
    const auto named = f.access({.resource = ResultsFixture::identifier, .scope = "results:read"});
    const auto by_scope = f.access({.scope = "openid results:read"});
    CHECK(by_scope.audiences.empty() == !named.refused.empty());
    return named.refused == ResultsFixture::identifier && named.scope.empty() && named.audiences.empty();
  };
  CHECK_FALSE(is_refused());
  f.change_server({.enabled = false});
  CHECK(is_refused());
  f.change_server({.enabled = true});
  CHECK_FALSE(is_refused());
  REQUIRE(flow::delete_resource(*f.house, f.operator_actor(), ResultsFixture::identifier, f.facts()));
  CHECK(is_refused());
}

TEST_CASE("a client names no resource server for which it is not registered") {
  Laboratory f;
  CHECK(f.judge("portal", ResultsFixture::identifier, "openid").refused.empty());
  CHECK(f.judge("laboratory", ResultsFixture::identifier, "openid").refused == ResultsFixture::identifier);
  CHECK(f.judge("portal", "https://results.example.org", "openid").refused == "https://results.example.org");
  CHECK(f.judge("portal", "https://results.example.org/x", "openid").refused == "https://results.example.org/x");
  CHECK(f.judge("portal", f.settings.site.issuer + " urn:x urn:y", "openid").refused == "urn:x");
  CHECK(f.judge("laboratory", f.settings.site.issuer, "openid").refused.empty());
  f.change_client("portal", [](rights::Client& client) { client.resources = {"urn:example:other"}; });
  CHECK(f.judge("portal", ResultsFixture::identifier, "openid").refused == ResultsFixture::identifier);
  CHECK(f.judge("portal", "", "openid results:read").scope == "openid");
  CHECK(f.access({.scope = "results:read"}).scope.empty());
}

TEST_CASE("of the asked scopes those are kept that the client is registered for and a server has") {
  Laboratory f;
  CHECK(f.judge("portal", "", "openid x results:read results:read results:delete").scope == "openid x results:read");
  CHECK(f.judge("laboratory", "", "openid results:read").scope == "openid");
  CHECK(f.judge("portal", f.settings.site.issuer, "openid results:read").scope == "openid");
  const std::string twice = std::string(ResultsFixture::identifier) + " " + ResultsFixture::identifier;
  CHECK(f.judge("portal", twice, "results:read").resource == ResultsFixture::identifier);
}

TEST_CASE("people of another organisation get nothing, unless the server is for the organisations below") {
  Laboratory f;
  f.add_tenant("ward");
  f.add_context("ward", "head");
  f.add_person("jan", "ward", "head");
  f.change_client("portal", [](rights::Client& client) { client.for_tenants_below = true; });
  const ResultsFixture::Asking by_jan{.login = "jan", .context = "head"};
  CHECK(f.access(by_jan).scope == "openid");
  CHECK(f.access(by_jan).roles.empty());
  ResultsFixture::Asking named = by_jan;
  named.resource = ResultsFixture::identifier;
  CHECK(f.access(named).refused == ResultsFixture::identifier);
  f.change_server({.for_tenants_below = true});
  CHECK(f.access(by_jan).scope == "openid results:read results:write");
  CHECK(f.access(named).refused.empty());
}

TEST_CASE("a server of an organisation below takes no token of the one above by giving a scope the same name") {
  Laboratory f;
  f.add_tenant("ward");
  f.add_administrator("ada", "ward", "ward-clients");
  const auto ada = f.actor("ada");
  const std::string copy = "https://copy.example.org/";
  REQUIRE(flow::create_resource(*f.house, ada, {"", copy}, {.name = "Copy"}, f.facts()));
  REQUIRE(flow::add_item(*f.house, ada, {copy, ItemKind::scope, "results:read"}, {.rule = {{"all"}}}, f.facts()));
  CHECK(f.access({.scope = "results:read"}).audiences == Words{ResultsFixture::identifier});
  CHECK(f.access({.login = "", .scope = "results:read"}).audiences.empty());
}

TEST_CASE("a client that asks for itself gets what rules give to clients, and no right of people") {
  Laboratory f;
  CHECK(f.access({.login = ""}).scope == "openid");
  f.change({ItemKind::scope, "results:read"}, {.rule = {{"client:portal"}}});
  CHECK(f.access({.login = ""}).scope == "openid results:read");
  f.change_client("laboratory", [](rights::Client& client) { client.scopes.emplace_back("results:read"); });
  CHECK(f.access({.client = "laboratory", .login = ""}).scope == "openid");
}

TEST_CASE("the own API is a resource whose scopes need the permission of the application") {
  Laboratory f;
  const std::string api = f.settings.site.issuer + "/api/v1";
  f.change_client("portal", [](rights::Client& client) { client.scopes = {"openid", "audit:write", "messages:send"}; });
  CHECK(f.judge("portal", api, "audit:write").refused == api);
  CHECK(f.judge("portal", "", "audit:write").scope.empty());
  f.change_client("portal", [](rights::Client& client) { client.writes_events = true; });
  CHECK(f.judge("portal", api, "audit:write messages:send").scope == "audit:write");
  CHECK(f.access({.scope = "audit:write messages:send"}).audiences == Words{api});
  CHECK(f.access({.login = "", .resource = api, .scope = "audit:write"}).audiences == Words{api});
  f.change_client("portal", [](rights::Client& client) { client.scopes = {"openid"}; });
  CHECK(f.access({.resource = api, .scope = "audit:write"}).scope.empty());
}

TEST_CASE("a token request asks for what was granted, and for nothing else") {
  Laboratory f;
  const rights::Client portal = f.find_client("portal");
  const auto narrow = [&](std::string_view granted, std::string_view scope, std::string_view asked) {
    return f.store
        ->read([&](store::Tx& tx) {
          return flow::narrow_resource(*f.house, tx, portal, {granted, scope}, asked);
        })
        .value();
  };
  const std::string issuer = f.settings.site.issuer;
  const std::string results = ResultsFixture::identifier;
  CHECK(narrow(results + " urn:x", "results:read", "") == results + " urn:x");
  CHECK(narrow(results + " urn:x", "results:read", "urn:x urn:x") == "urn:x");
  CHECK_FALSE(narrow(results, "results:read", issuer));
  CHECK_FALSE(narrow(results, "results:read", results + " urn:x"));
  // Of a grant that named none, the servers of its scopes can be named.
  CHECK(narrow("", "openid results:read", results) == results);
  CHECK(narrow("", "openid results:read", issuer) == issuer);
  CHECK_FALSE(narrow("", "openid", results));
  CHECK_FALSE(narrow("", "results:read", "urn:x"));
}

TEST_CASE("a resource server asks about its own tokens as its client, as long as it is switched on") {
  Laboratory f;
  const auto own = [&] {
    const rights::Client laboratory = f.find_client("laboratory");
    return f.store->read([&](store::Tx& tx) { return flow::list_own_resources(tx, laboratory); }).value();
  };
  CHECK(own().empty());
  f.change_server({.client = "laboratory"});
  CHECK(own() == Words{ResultsFixture::identifier});
  f.change_server({.enabled = false});
  CHECK(own().empty());
  f.change_server({.client = "", .enabled = true});
  CHECK(own().empty());
}

TEST_CASE("a scope has a name for people in their language") {
  Laboratory f;
  f.change({ItemKind::scope, "results:read"}, {.title = "Read results", .title_de = "Befunde lesen"});
  const rights::Client portal = f.find_client("portal");
  const auto title = [&](std::string_view scope, std::string_view language) {
    return f.store->read([&](store::Tx& tx) { return flow::find_scope_title(*f.house, tx, portal, scope, language); })
        .value();
  };
  CHECK(title("results:read", "de") == "Befunde lesen");
  CHECK(title("results:read", "pl") == "Read results");
  CHECK(title("results:write", "en") == "results:write");
  CHECK(title("results:delete", "en").empty());
  CHECK(title("openid", "en").empty());
}

TEST_CASE("a right that is taken away after the code was issued is in no token") {
  Laboratory f;
  const std::string cookie = f.log_in();
  const auto scope_after = [&](const auto& change) {
    auto asked = ResultsFixture::request();
    asked.scope = "openid results:read";
    const auto outcome = f.authorize(asked, cookie);
    REQUIRE(std::holds_alternative<flow::CodeIssued>(outcome));
    change();
    return f.redeem(ResultsFixture::redemption(std::get<flow::CodeIssued>(outcome).code)).tokens.scope;
  };
  CHECK(scope_after([] {}) == "openid results:read");
  CHECK(scope_after([&] { f.change({ItemKind::scope, "results:read"}, {.rule = {{"kind:recipient"}}}); }) == "openid");
  f.change({ItemKind::scope, "results:read"}, {.rule = {{"kind:employee"}}});
  CHECK(scope_after([&] { f.change_server({.enabled = false}); }) == "openid");
  f.change_server({.enabled = true});
  CHECK(scope_after([&] {
          f.change_client("portal", [](rights::Client& client) { std::erase(client.scopes, "results:read"); });
        }) == "openid");
}

TEST_CASE(
    "a resource server that asks is told what a token for several allows at itself, and nothing about the others") {
  Laboratory f;
  f.create({"", "urn:example:archive"}, {.name = "Archive", .client = "laboratory"});
  f.set({ItemKind::scope, "archive:read"}, {.rule = {{"client:portal"}}}, "urn:example:archive");
  f.set({ItemKind::role, "keeper"}, {.rule = {{"client:portal"}}}, "urn:example:archive");
  f.change({ItemKind::scope, "results:read"}, {.rule = {{"client:portal"}}});
  f.change_client("portal", [](rights::Client& client) {
    client.scopes = {"results:read", "archive:read"};
    client.grants = {"client_credentials"};
    client.kind = rights::ClientKind::machine;
  });
  const auto issued = flow::issue_to_machine(
      *f.house, {{flow::ClientMethod::basic, "portal", base::Secret("portal-secret")}, {}, {}, {}}, f.facts());
  REQUIRE(issued);
  REQUIRE_FALSE(issued->refusal);
  CHECK(issued->tokens.scope == "results:read archive:read");
  const auto told = [&](const std::string& client) {
    const auto answer = flow::introspect(
        *f.house, {{flow::ClientMethod::basic, client, base::Secret(client + "-secret")}, issued->tokens.access_token},
        f.facts());
    REQUIRE(answer);
    REQUIRE_FALSE(answer->refusal);
    return answer->claims;
  };
  const std::string at_archive = told("laboratory");
  CHECK(at_archive.find(R"("scope":"archive:read")") != std::string::npos);
  CHECK(at_archive.find(R"("roles":["keeper"])") != std::string::npos);
  CHECK(at_archive.find("results:read") == std::string::npos);
  CHECK(told("portal").find(R"("scope":"results:read archive:read")") != std::string::npos);
  f.change({ItemKind::scope, "archive:read"}, {.rule = Conditions()}, "urn:example:archive");
  CHECK(told("laboratory").find("archive:read") == std::string::npos);
  f.change_server({.enabled = false}, "urn:example:archive");
  CHECK(told("laboratory") == R"({"active":false})");
}
