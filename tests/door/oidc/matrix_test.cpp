// Endpoint × client authentication × grant × response mode: what the table of rights/protocol.hpp allows works, what it
// does not is refused by name, and discovery says the same.
#include <algorithm>

#include "door/oidc/code_flow.hpp"
#include "rights/protocol.hpp"

using door::App;
using door::has;
using door::Machine;
using door::Reply;
using rights::AuthMethod;
using rights::Endpoint;
using rights::GrantType;

namespace {

constexpr const char* secret = "a-secret-of-the-matrix";

/// One client for each way of a secret, and one without.
void add_clients(const App& app) {
  const auto add = [&](const char* id, std::string method, rights::ClientKind kind) {
    rights::Client client = rights::draft_client(kind);
    client.client_id = id;
    client.name = id;
    client.auth_method = std::move(method);
    client.redirect_uris = {door::callback};
    client.scopes = {"openid", "results:read"};
    client.grants.clear();
    for (const GrantType grant : rights::all_grant_types) {
      if (client.auth != rights::ClientAuth::none || grant != GrantType::client_credentials) {
        client.grants.emplace_back(rights::name_of(grant));
      }
    }
    app.add_client(client, client.auth == rights::ClientAuth::none ? "" : secret);
  };
  add("by-header", "client_secret_basic", rights::ClientKind::web);
  add("by-form", "client_secret_post", rights::ClientKind::web);
  add("in-public", "", rights::ClientKind::spa);
}

const char* client_of(AuthMethod method) {
  return method == AuthMethod::none ? "in-public" : method == AuthMethod::post ? "by-form" : "by-header";
}

/// A call with this way of authentication, as `client`.
Reply call(Machine& machine, Endpoint endpoint, AuthMethod method, const std::string& client, door::Fields fields) {
  door::Browser::Headers headers;
  if (method == AuthMethod::basic) headers = door::basic(client, secret);
  if (method != AuthMethod::basic) fields.emplace_back("client_id", client);
  if (method == AuthMethod::post) fields.emplace_back("client_secret", secret);
  return machine.post(rights::path_of(endpoint), door::to_form(fields), headers);
}

constexpr std::array tried{AuthMethod::none, AuthMethod::basic, AuthMethod::post};

}  // namespace

TEST_CASE("each client is let in by the way that it is registered for, at each endpoint that takes this way") {
  const App app;
  add_clients(app);
  Machine machine(app);
  for (const Endpoint endpoint : rights::all_endpoints) {
    for (const AuthMethod registered : tried) {
      for (const AuthMethod used : tried) {
        CAPTURE(rights::path_of(endpoint));
        CAPTURE(rights::name_of(registered));
        CAPTURE(rights::name_of(used));
        const Reply reply = call(machine, endpoint, used, client_of(registered),
                                 {{"grant_type", "refresh_token"}, {"refresh_token", "x"}, {"token", "x"}});
        const bool is_let_in = registered == used && rights::allows(endpoint, used);
        CHECK((door::error_of(reply) != "invalid_client") == is_let_in);
        CHECK((reply.status != 401) == is_let_in);
      }
    }
  }
}

TEST_CASE("a parameter without a value counts as left out, as RFC 6749 demands") {
  const App app;
  add_clients(app);
  Machine machine(app);
  const auto introspect = [&](const std::string& form, const door::Browser::Headers& headers) {
    return machine.post(rights::path_of(Endpoint::introspection), "token=x&" + form, headers);
  };
  const std::string empty = "client_id=&client_secret=&client_assertion=&client_assertion_type=";
  CHECK(introspect(empty, door::basic("by-header", secret)).status == 200);
  CHECK(introspect("client_secret=" + std::string(secret), door::basic("by-header", secret)).status == 400);
  CHECK(introspect(empty, {}).status == 401);
  // A secret without a value is none, and opens nothing.
  CHECK(introspect("client_id=by-form&client_secret=", {}).status == 401);
  CHECK(introspect("client_id=by-form&client_secret=" + std::string(secret) + "&client_assertion=", {}).status == 200);
}

TEST_CASE("a grant that the table does not give to a client is refused by name, and one that nobody has too") {
  const App app;
  add_clients(app);
  Machine machine(app);
  for (const GrantType grant : rights::all_grant_types) {
    for (const AuthMethod method : tried) {
      CAPTURE(rights::name_of(grant));
      CAPTURE(rights::name_of(method));
      const Reply reply = call(machine, Endpoint::token, method, client_of(method),
                               {{"grant_type", std::string(rights::name_of(grant))},
                                {"code", "x"},
                                {"device_code", "x"},
                                {"refresh_token", "x"}});
      const bool is_registered = rights::allows(grant, method);
      CHECK((door::error_of(reply) != "unauthorized_client") == is_registered);
      CHECK((reply.status == 200) == (grant == GrantType::client_credentials && is_registered));
    }
  }
  for (const char* grant : {"password", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer", "code"}) {
    CAPTURE(grant);
    const Reply reply = call(machine, Endpoint::token, AuthMethod::basic, "by-header", {{"grant_type", grant}});
    CHECK(door::error_of(reply) == "unsupported_grant_type");
  }
}

TEST_CASE("discovery announces what the table has, and nothing else") {
  const App app;
  Machine machine(app);
  for (const char* path : {"/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"}) {
    const boost::json::object document = boost::json::parse(machine.get(path).body).as_object();
    for (const Endpoint endpoint : rights::all_endpoints) {
      CAPTURE(rights::path_of(endpoint));
      CHECK(document.at(rights::name_of(endpoint)).as_string() ==
            app.origin() + std::string(rights::path_of(endpoint)));
      // What is announced answers: a call that is none is refused by name.
      CHECK(machine.post(rights::path_of(endpoint), "x=1").status == 401);
    }
    const auto words = [&](std::string_view name) {
      std::string all;
      for (const auto& value : document.at(name).as_array()) all.append(value.as_string()).append(" ");
      return all;
    };
    CHECK(words("grant_types_supported") == rights::list_grant_types() + " ");
    CHECK(words("response_modes_supported") == rights::list_response_modes() + " ");
    CHECK(words("token_endpoint_auth_methods_supported") == rights::list_auth_methods(Endpoint::token) + " ");
    CHECK(words("response_types_supported") == "code ");
    CHECK_FALSE(has(words("introspection_endpoint_auth_methods_supported"), "none"));
  }
}

TEST_CASE("what no client can be called is refused by name at each endpoint, and is no error of the server") {
  const App app;
  Machine machine(app);
  for (const Endpoint endpoint : rights::all_endpoints) {
    for (const std::string& id : {std::string("ref%00"), std::string("\xff\xfe"), std::string("a b"),
                                  std::string("x") + std::string(200, 'x')}) {
      CAPTURE(rights::path_of(endpoint));
      CAPTURE(id);
      const Reply reply =
          machine.post(rights::path_of(endpoint), "grant_type=client_credentials&token=x", door::basic(id, "secret"));
      CHECK((reply.status == 400 || reply.status == 401));
    }
  }
}

TEST_CASE("an application refreshes, asks about its tokens and gives them back") {
  const App app;
  add_clients(app);
  door::Browser browser(app.port());
  App::log_in(browser, "jan.nowak", "River-Copper-2026");
  const std::string code =
      door::get_code(browser, {{"client_id", "by-header"}, {"scope", "openid"}, {"redirect_uri", door::callback}});
  Machine machine(app);
  const auto ask = [&](Endpoint endpoint, const door::Fields& fields) {
    return call(machine, endpoint, AuthMethod::basic, "by-header", fields);
  };
  const Reply first = ask(Endpoint::token, door::token_form(code));
  REQUIRE(first.status == 200);
  const std::string refresh = door::member_of(first, "refresh_token");
  const Reply second = ask(Endpoint::token, {{"grant_type", "refresh_token"}, {"refresh_token", refresh}});
  REQUIRE(second.status == 200);
  CHECK(second.header("cache-control") == "no-store");
  const std::string access = door::member_of(second, "access_token");
  const Reply about = ask(Endpoint::introspection, {{"token", access}});
  CHECK(has(about.body, R"("active":true)"));
  CHECK(has(about.body, R"("username":"jan.nowak")"));
  // An ID token is none: of it nothing is told.
  CHECK(ask(Endpoint::introspection, {{"token", door::member_of(second, "id_token")}}).body == R"({"active":false})");
  CHECK(ask(Endpoint::revocation, {{"token", access}, {"token_type_hint", "refresh_token"}}).status == 200);
  CHECK(ask(Endpoint::introspection, {{"token", access}}).body == R"({"active":false})");
  CHECK(machine.get("/oauth2/userinfo", {{"Authorization", "Bearer " + access}}).status == 401);
  CHECK(ask(Endpoint::revocation, {{"token", "nonsense"}}).status == 200);
  CHECK(app.events("token_revoke").size() == 1);
}
