#include "rights/resource.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace {

using Words = std::vector<std::string>;

const base::Time noon = base::parse_rfc3339("2026-11-21T12:00:00Z").value();

rights::ResourceItem make_item(rights::ItemKind kind, std::string name, rights::AccessRule rule) {
  rights::ResourceItem item;
  item.kind = kind;
  item.name = std::move(name);
  item.rule = std::move(rule);
  return item;
}
rights::ResourceItem make_scope(std::string name, rights::AccessRule rule = {.is_for_all = true}) {
  return make_item(rights::ItemKind::scope, std::move(name), std::move(rule));
}
rights::ResourceItem make_permission(std::string name, rights::AccessRule rule = {}) {
  return make_item(rights::ItemKind::permission, std::move(name), std::move(rule));
}
rights::ResourceItem make_role(std::string name, Words permissions, rights::AccessRule rule) {
  auto item = make_item(rights::ItemKind::role, std::move(name), std::move(rule));
  item.permissions = std::move(permissions);
  return item;
}

/// An employee who acts as "user" through the laboratory, at a server of results.
struct Laboratory {
  Laboratory() {
    server.id = base::Id::make(noon);
    server.identifier = "https://results.example.org/";
    server.name = "Results";
    server.items = {make_scope("results:read")};
    client.id = base::Id::make(noon);
    client.client_id = "laboratory";
    client.scopes = {"openid", "results:read", "results:write"};
    account.kind = identity::AccountKind::employee;
    context.key = "user";
  }
  [[nodiscard]] rights::AccessDecision decide(std::string_view asked = "openid results:read results:write") const {
    return rights::decide_access({server, client, &account, &context, groups, true}, asked);
  }
  [[nodiscard]] bool gives(const rights::AccessRule& rule) const {
    Laboratory other = *this;
    other.server.items = {make_scope("results:read", rule)};
    return !other.decide().scopes.empty();
  }

  rights::ResourceServer server;
  rights::Client client;
  identity::Account account;
  rights::ActingContext context;
  std::vector<base::Id> groups;
};

Words codes(const rights::ResourceServer& server) {
  Words all;
  for (const auto& flaw : rights::judge_resource(server)) all.emplace_back(flaw.code);
  return all;
}

}  // namespace

TEST_CASE("a rule that names nothing gives nothing to anybody") {
  const Laboratory f;
  CHECK_FALSE(f.gives({}));
  CHECK(f.gives({.is_for_all = true}));
}

TEST_CASE("each sort of condition that a rule names must fit, by one of its values") {
  Laboratory f;
  const base::Id physicians = base::Id::make(noon);
  const base::Id nurses = base::Id::make(noon);
  using identity::AccountKind;
  CHECK(f.gives({.account_kinds = {AccountKind::recipient, AccountKind::employee}}));
  CHECK_FALSE(f.gives({.account_kinds = {AccountKind::recipient}}));
  CHECK(f.gives({.contexts = {"administrator", "user"}}));
  CHECK_FALSE(f.gives({.contexts = {"administrator"}}));
  CHECK_FALSE(f.gives({.groups = {physicians}}));
  CHECK_FALSE(f.gives({.account_kinds = {AccountKind::employee}, .groups = {physicians}}));
  f.groups = {nurses, physicians};
  CHECK(f.gives({.account_kinds = {AccountKind::employee}, .groups = {physicians}}));
  CHECK_FALSE(
      f.gives({.account_kinds = {AccountKind::employee}, .contexts = {"administrator"}, .groups = {physicians}}));
  CHECK(f.gives({.clients = {f.client.id}}));
  CHECK_FALSE(f.gives({.contexts = {"user"}, .clients = {physicians}}));
}

TEST_CASE("the same person as ordinary user and as administrator gets other scopes, permissions and roles") {
  Laboratory f;
  f.server.items = {make_scope("results:read"),
                    make_scope("results:write", {.contexts = {"administrator"}}),
                    make_permission("results.correct"),
                    make_permission("results.see", {.contexts = {"user", "administrator"}}),
                    make_role("laboratory-head", {"results.correct"}, {.contexts = {"administrator"}}),
                    make_role("reader", {}, {.contexts = {"user"}})};
  const auto as_user = f.decide();
  CHECK(as_user.scopes == Words{"results:read"});
  CHECK(as_user.permissions == Words{"results.see"});
  CHECK(as_user.roles == Words{"reader"});
  f.context.key = "administrator";
  const auto as_administrator = f.decide();
  CHECK(as_administrator.scopes == Words{"results:read", "results:write"});
  CHECK(as_administrator.permissions == Words{"results.correct", "results.see"});
  CHECK(as_administrator.roles == Words{"laboratory-head"});
}

TEST_CASE("a client gets no scope for which it is not registered or has not asked") {
  Laboratory f;
  f.server.items = {make_scope("results:read"), make_scope("results:write"), make_scope("results:delete")};
  CHECK(f.decide("results:write results:read results:write").scopes == Words{"results:write", "results:read"});
  CHECK(f.decide("results:delete").scopes.empty());
  CHECK(f.decide("").scopes.empty());
  CHECK(f.decide("results:rea results:readx Results:read").scopes.empty());
  f.client.scopes = {"openid"};
  CHECK(f.decide().scopes.empty());
}

TEST_CASE("a permission that belongs to a scope is given with it only, also by a role") {
  Laboratory f;
  f.server.items = {make_scope("results:read"), make_scope("results:write"),
                    make_permission("results.correct", {.is_for_all = true}), make_permission("results.release"),
                    make_role("head", {"results.release"}, {.is_for_all = true})};
  f.server.items[2].scope = "results:write";
  f.server.items[3].scope = "results:write";
  CHECK(f.decide("results:read").permissions.empty());
  CHECK(f.decide("results:read").roles == Words{"head"});
  CHECK(f.decide("results:write").permissions == Words{"results.correct", "results.release"});
  f.server.items[4].scope = "results:write";
  CHECK(f.decide("results:read").roles.empty());
}

TEST_CASE("a server that is switched off or out of reach gives nothing") {
  Laboratory f;
  f.server.items = {make_scope("results:read"), make_permission("results.see", {.is_for_all = true}),
                    make_role("reader", {}, {.is_for_all = true})};
  const auto is_nothing = [](const rights::AccessDecision& decision) {
    return decision.scopes.empty() && decision.permissions.empty() && decision.roles.empty();
  };
  CHECK_FALSE(is_nothing(f.decide()));
  CHECK(is_nothing(rights::decide_access({f.server, f.client, &f.account, &f.context, {}, false}, "results:read")));
  f.server.enabled = false;
  CHECK(is_nothing(f.decide()));
}

TEST_CASE("a client that acts for itself fits no rule about accounts") {
  Laboratory f;
  const auto gives = [&](const rights::AccessRule& rule) {
    f.server.items = {make_scope("results:read", rule)};
    return !rights::decide_access({f.server, f.client, nullptr, nullptr, {}, true}, "results:read").scopes.empty();
  };
  CHECK(gives({.is_for_all = true}));
  CHECK(gives({.clients = {f.client.id}}));
  CHECK_FALSE(gives({.account_kinds = {identity::AccountKind::employee}}));
  CHECK_FALSE(gives({.contexts = {"user"}, .clients = {f.client.id}}));
  CHECK_FALSE(gives({.groups = {base::Id::make(noon)}}));
}

TEST_CASE("a client names the resource servers that it is registered for, and no others") {
  Laboratory f;
  CHECK(rights::may_name(f.client, f.server));
  f.client.resources = {"https://other.example.org/"};
  CHECK_FALSE(rights::may_name(f.client, f.server));
  f.client.resources.emplace_back("https://results.example.org");  // without the slash it is another one
  CHECK_FALSE(rights::may_name(f.client, f.server));
  f.client.resources.push_back(f.server.identifier);
  CHECK(rights::may_name(f.client, f.server));
  f.client.resources.clear();
  f.client.scopes = {"openid", "other:read"};
  CHECK_FALSE(rights::may_name(f.client, f.server));
}

TEST_CASE("an identifier is an absolute URI without a fragment") {
  Laboratory f;
  for (const char* good : {"https://results.example.org", "https://results.example.org/v1?x=1", "http://10.0.0.7:8080/",
                           "urn:example:results", "https://[::1]/"}) {
    CAPTURE(good);
    f.server.identifier = good;
    CHECK(codes(f.server).empty());
  }
  for (const char* bad :
       {"", "results", "/results", "//results.example.org", "https:results", "https://", "https:///results",
        "urn:", "HTTPS://results.example.org", "https://results.example.org/a b", "https://results.example.org/\n",
        "https://results.example.org/\"", "1https://results.example.org", ":results", "https://wyniki.łódź.pl/"}) {
    CAPTURE(bad);
    f.server.identifier = bad;
    CHECK(codes(f.server) == Words{"identifier_form"});
  }
  f.server.identifier = "https://results.example.org/#part";
  CHECK(codes(f.server) == Words{"identifier_fragment"});
  f.server.identifier = "https://results.example.org/" + std::string(500, 'x');
  CHECK(codes(f.server) == Words{"identifier_long"});
}

TEST_CASE("scopes, permissions and roles have names of the right form, each once") {
  Laboratory f;
  const auto codes_with = [&](const rights::ResourceItem& item) {
    Laboratory other = f;
    other.server.items.push_back(item);
    return codes(other.server);
  };
  CHECK(codes_with(make_scope("results:write")).empty());
  CHECK(codes_with(make_permission("results:read")).empty());  // of another kind
  CHECK(codes_with(make_scope("results:read")) == Words{"item_twice", "item_twice"});
  CHECK(codes_with(make_scope("openid")) == Words{"scope_colon"});
  CHECK(codes_with(make_scope("audit:write")) == Words{"scope_own"});
  for (const char* bad : {"", "results read", "results\"read", "results\\read", "results,read", "wyniki:żółte"}) {
    CAPTURE(bad);
    CHECK(codes_with(make_permission(bad)) == Words{"item_name"});
  }
  CHECK(codes_with(make_permission(std::string(101, 'x'))) == Words{"item_name"});
}

TEST_CASE("what an item refers to must be there") {
  Laboratory f;
  f.server.items.push_back(make_permission("results.correct"));
  f.server.items.back().scope = "results:write";
  CHECK(codes(f.server) == Words{"scope_missing"});
  f.server.items.back().scope = "results:read";
  CHECK(codes(f.server).empty());
  f.server.items.push_back(make_role("head", {"results.correct", "results.release"}, {}));
  CHECK(codes(f.server) == Words{"permission_missing"});
  f.server.items.pop_back();
  f.server.items.front().scope = "results:read";  // a scope belongs to none
  CHECK(codes(f.server) == Words{"scope_missing"});
  f.server.items.front().scope = "";
  f.server.items.front().permissions = {"results.correct"};
  CHECK(codes(f.server) == Words{"permission_missing"});
}

TEST_CASE("a rule for all names nothing else, and no server has more than 200 items") {
  Laboratory f;
  f.server.items.front().rule = {.is_for_all = true, .contexts = {"user"}};
  CHECK(codes(f.server) == Words{"rule_all"});
  f.server.items.clear();
  for (int i = 0; i < 201; ++i) f.server.items.push_back(make_permission("p" + std::to_string(i)));
  CHECK(codes(f.server) == Words{"items_many"});
  f.server.items.pop_back();
  CHECK(codes(f.server).empty());
}

TEST_CASE("a scope of this server's own API is given with the permission of the application alone") {
  rights::Client client;
  CHECK(rights::list_api_scopes(client).empty());
  client.writes_events = true;
  CHECK(rights::list_api_scopes(client) == "audit:write");
  client.sends_messages = true;
  CHECK(rights::list_api_scopes(client) == "audit:write messages:send");
  client.scopes = {"verify", "sign"};
  CHECK(rights::list_api_scopes(client) == "audit:write messages:send sign verify");
}
