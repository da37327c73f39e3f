// Endpoint × client authentication × grant × response mode: what the table of rights/protocol.hpp allows works, what it
// does not is refused by name, and discovery says the same.
#include <algorithm>
#include <atomic>
#include <thread>

#include "base/json.hpp"
#include "base/time.hpp"
#include "crypto/token/jwt.hpp"
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

const crypto::SigningKey& key() {
  static const auto one = crypto::SigningKey::generate(crypto::Algorithm::es256).value();
  return one;
}

/// Of the server that is asked.
std::string& issuer() {
  static std::string one;
  return one;
}

/// One client for each way of authentication.
void add_clients(const App& app) {
  issuer() = app.origin();
  const auto add = [&](const char* id, std::string method, rights::ClientKind kind) {
    rights::Client client = rights::draft_client(kind);
    client.client_id = id;
    client.name = id;
    client.auth_method = std::move(method);
    client.redirect_uris = {door::callback};
    client.scopes = {"openid", "results:read"};
    if (id == std::string_view("by-key")) {
      client.auth = rights::ClientAuth::private_key_jwt;
      client.jwks = base::JsonObject().raw("keys", base::JsonArray().raw(key().public_jwk()).finish()).finish();
    }
    client.grants.clear();
    for (const GrantType grant : rights::all_grant_types) {
      if (client.auth != rights::ClientAuth::none || grant != GrantType::client_credentials) {
        client.grants.emplace_back(rights::name_of(grant));
      }
    }
    app.add_client(client, client.auth == rights::ClientAuth::secret ? secret : "");
  };
  add("by-header", "client_secret_basic", rights::ClientKind::web);
  add("by-form", "client_secret_post", rights::ClientKind::web);
  add("by-key", "", rights::ClientKind::web);
  add("in-public", "", rights::ClientKind::spa);
}

const char* client_of(AuthMethod method) {
  switch (method) {
    case AuthMethod::none: return "in-public";
    case AuthMethod::basic: return "by-header";
    case AuthMethod::post: return "by-form";
    case AuthMethod::assertion: break;
  }
  return "by-key";
}

/// A new assertion of the client for this server.
std::string assert_client(const std::string& client) {
  static int count = 0;
  base::JsonObject claims;
  claims.text("iss", client).text("sub", client).text("aud", issuer()).text("jti", std::to_string(++count));
  claims.number("exp", base::to_seconds(base::now()) + 60);
  return crypto::sign_jwt(key(), "JWT", claims.finish()).value();
}

/// A call with this way of authentication, as `client`.
Reply call(Machine& machine, Endpoint endpoint, AuthMethod method, const std::string& client, door::Fields fields) {
  door::Browser::Headers headers;
  if (method == AuthMethod::basic) headers = door::basic(client, secret);
  if (method != AuthMethod::basic) fields.emplace_back("client_id", client);
  if (method == AuthMethod::post) fields.emplace_back("client_secret", secret);
  if (method == AuthMethod::assertion) {
    fields.emplace_back("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    fields.emplace_back("client_assertion", assert_client(client));
  }
  return machine.post(rights::path_of(endpoint), door::to_form(fields), headers);
}

/// What the authorization endpoint leads back with, in either response mode; the person agrees if they are asked.
std::map<std::string, std::string> answer_of(door::Browser& browser, const std::string& path) {
  Reply reply = browser.follow(browser.get(path));
  const door::PageForm question = reply.form("/login/consent");
  if (!question.action.empty()) reply = browser.follow(browser.submit(question, {{"answer", "yes"}}));
  if (reply.status == 303) return door::parameters_of(reply.location());
  const door::PageForm form = reply.form(door::callback);
  return {{"code", form.field("code")}, {"error", form.field("error")}, {"form", form.action}};
}

std::string allow_device(door::Browser& browser, const Reply& begun) {
  const std::string code = door::member_of(begun, "user_code");
  const Reply question = browser.follow(browser.get("/device/confirm?user_code=" + code));
  return browser.follow(browser.submit(question.form("/device/confirm"), {{"answer", "yes"}})).body;
}

constexpr auto tried = rights::all_auth_methods;

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

TEST_CASE("each cell of endpoint, authentication, grant and response mode works, or is refused by its name") {
  const App app;
  add_clients(app);
  door::Browser browser(app.port());
  App::log_in(browser, "jan.nowak", "River-Copper-2026");
  Machine machine(app);
  for (const AuthMethod method : rights::all_auth_methods) {
    CAPTURE(rights::name_of(method));
    const std::string client = client_of(method);
    const auto ask = [&](Endpoint endpoint, const door::Fields& fields) {
      return call(machine, endpoint, method, client, fields);
    };
    const auto check_tokens = [&](const Reply& tokens) {
      CHECK_MESSAGE(tokens.status == 200, tokens.body);
      const std::string access = door::member_of(tokens, "access_token");
      // The token of each grant counts at the endpoints that are about tokens.
      const Reply told = ask(Endpoint::introspection, {{"token", access}});
      const bool may_ask = rights::allows(Endpoint::introspection, method);
      CHECK(has(told.body, R"("active":true)") == may_ask);
      CHECK((door::error_of(told) == "invalid_client") == !may_ask);
      CHECK(ask(Endpoint::revocation, {{"token", access}}).status == 200);
    };
    for (const GrantType grant : rights::all_grant_types) {
      CAPTURE(rights::name_of(grant));
      const std::string name(rights::name_of(grant));
      if (!rights::allows(grant, method)) {
        CHECK(door::error_of(ask(Endpoint::token, {{"grant_type", name}})) == "unauthorized_client");
        continue;
      }
      switch (grant) {
        case GrantType::client_credentials: check_tokens(ask(Endpoint::token, {{"grant_type", name}})); break;
        case GrantType::device_code: {
          const Reply begun = ask(Endpoint::device_authorization, {{"scope", "openid"}});
          REQUIRE_MESSAGE(begun.status == 200, begun.body);
          allow_device(browser, begun);
          check_tokens(
              ask(Endpoint::token, {{"grant_type", name}, {"device_code", door::member_of(begun, "device_code")}}));
          break;
        }
        case GrantType::refresh_token: break;  // with the codes, from which it comes
        case GrantType::authorization_code:
          for (const rights::ResponseMode mode : rights::all_response_modes) {
            for (const bool is_pushed : {false, true}) {
              CAPTURE(rights::name_of(mode));
              CAPTURE(is_pushed);
              const door::Fields wish{
                  {"client_id", client}, {"scope", "openid"}, {"response_mode", std::string(rights::name_of(mode))}};
              std::string path = door::authorize_path(wish);
              if (is_pushed) {
                door::Fields pushed = door::portal_request(wish);
                if (method != AuthMethod::basic) {
                  std::erase_if(pushed, [](const auto& field) { return field.first == "client_id"; });
                }
                const Reply reference = ask(Endpoint::pushed_request, pushed);
                REQUIRE_MESSAGE(reference.status == 201, reference.body);
                path =
                    "/oauth2/authorize?" +
                    door::to_form({{"client_id", client}, {"request_uri", door::member_of(reference, "request_uri")}});
              }
              auto answer = answer_of(browser, path);
              CHECK((answer["form"] == door::callback) == (mode == rights::ResponseMode::form_post));
              const Reply tokens = ask(Endpoint::token, door::token_form(answer["code"]));
              REQUIRE_MESSAGE(tokens.status == 200, tokens.body);
              const std::string refresh = door::member_of(tokens, "refresh_token");
              check_tokens(ask(Endpoint::token, {{"grant_type", "refresh_token"}, {"refresh_token", refresh}}));
            }
          }
          break;
      }
    }
  }
}

namespace {

/// The error with which the request of the portal comes back; "" = it goes on.
std::string refusal_of(door::Browser& browser, const door::Fields& changes) {
  const Reply reply = browser.get(door::authorize_path(changes));
  const door::PageForm form = reply.form(door::callback);
  if (!form.action.empty()) return form.field("error");
  REQUIRE(reply.status == 303);
  return door::parameters_of(reply.location())["error"];
}

}  // namespace

TEST_CASE("what discovery announces is built, and what is not built is refused by its name") {
  const App app;
  add_clients(app);
  Machine machine(app);
  door::Browser browser(app.port());
  App::log_in(browser, "jan.nowak", "River-Copper-2026");
  const boost::json::object document =
      boost::json::parse(machine.get("/.well-known/openid-configuration").body).as_object();
  const auto announces = [&](std::string_view member, std::string_view word) {
    const auto& list = document.at(member).as_array();
    return std::find(list.begin(), list.end(),
                     boost::json::value(boost::json::string_view(word.data(), word.size()))) != list.end();
  };
  for (const auto& member : document) {
    const std::string name(member.key());
    if (!name.ends_with("_endpoint") && name != "jwks_uri") continue;
    CAPTURE(name);
    const std::string address(member.value().as_string());
    REQUIRE(address.starts_with(app.origin() + "/"));
    const int status = machine.get(address.substr(app.origin().size())).status;
    CHECK(status != 404);
    CHECK(status < 500);
  }
  for (const Endpoint endpoint : {Endpoint::token, Endpoint::introspection, Endpoint::revocation}) {
    const std::string member = std::string(rights::name_of(endpoint)) + "_auth_methods_supported";
    for (const AuthMethod method : rights::all_auth_methods) {
      CAPTURE(member);
      CAPTURE(rights::name_of(method));
      const Reply reply = call(machine, endpoint, method, client_of(method), {{"grant_type", "x"}, {"token", "x"}});
      CHECK((reply.status != 401) == announces(member, rights::name_of(method)));
    }
    for (const char* never : {"client_secret_jwt", "tls_client_auth", "self_signed_tls_client_auth"}) {
      CHECK_FALSE(announces(member, never));
    }
  }
  struct Choice {
    std::string member;
    std::string parameter;
    std::vector<std::string> words;
    std::string error;  // if the word is not announced
  };
  const std::vector<Choice> choices{
      {"response_types_supported",
       "response_type",
       {"code", "token", "id_token", "id_token token", "code id_token", "code token", "none"},
       "unsupported_response_type"},
      {"response_modes_supported",
       "response_mode",
       {"query", "form_post", "fragment", "web_message", "jwt", "query.jwt"},
       "invalid_request"},
      {"code_challenge_methods_supported", "code_challenge_method", {"S256", "plain", "S512"}, "invalid_request"},
      {"prompt_values_supported",
       "prompt",
       {"none", "login", "select_account", "consent", "create"},
       "invalid_request"}};
  for (const Choice& choice : choices) {
    for (const std::string& word : choice.words) {
      CAPTURE(choice.member);
      CAPTURE(word);
      const std::string refused = refusal_of(browser, {{choice.parameter, word}});
      CHECK(refused == (announces(choice.member, word) ? std::string() : choice.error));
    }
    CHECK(document.at(choice.member).as_array().size() <= choice.words.size());
  }
  CHECK(document.at("request_parameter_supported").as_bool() == refusal_of(browser, {{"request", "e30.e30."}}).empty());
  CHECK(document.at("request_uri_parameter_supported").as_bool() ==
        refusal_of(browser, {{"request_uri", "https://portal.example.org/r"}}).empty());
  CHECK(document.at("claims_parameter_supported").as_bool() == refusal_of(browser, {{"claims", "{}"}}).empty());
}

TEST_CASE("two ways of client authentication at once and doubled parameters are refused at each endpoint") {
  const App app;
  add_clients(app);
  Machine machine(app);
  const std::string type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  for (const Endpoint endpoint : rights::all_endpoints) {
    CAPTURE(rights::path_of(endpoint));
    const auto ask = [&](const door::Fields& fields, const door::Browser::Headers& headers) {
      door::Fields all{{"grant_type", "client_credentials"}, {"token", "x"}, {"scope", "openid"}};
      all.insert(all.end(), fields.begin(), fields.end());
      const Reply reply = machine.post(rights::path_of(endpoint), door::to_form(all), headers);
      CHECK(reply.header("cache-control") == "no-store");
      return door::error_of(reply);
    };
    const auto header = door::basic("by-header", secret);
    CHECK(ask({{"client_id", "by-form"}, {"client_secret", secret}}, header) == "invalid_request");
    CHECK(ask({{"client_id", "by-header"}, {"client_secret", secret}}, header) == "invalid_request");
    CHECK(ask({{"client_assertion_type", type}, {"client_assertion", assert_client("by-key")}}, header) ==
          "invalid_request");
    CHECK(
        ask({{"client_assertion_type", type}, {"client_assertion", assert_client("by-key")}, {"client_secret", secret}},
            {}) == "invalid_request");
    CHECK(
        ask({{"client_assertion_type", type}, {"client_assertion", assert_client("by-key")}, {"client_id", "by-form"}},
            {}) == "invalid_request");
    CHECK(ask({{"client_assertion_type", "x"}, {"client_assertion", assert_client("by-key")}}, {}) ==
          "invalid_request");
    CHECK(ask({{"client_assertion", assert_client("by-key")}}, {}) == "invalid_request");
    CHECK(ask({{"client_assertion_type", type}}, {}) != "");
    for (const char* name : {"grant_type", "token", "scope", "client_id", "unheard-of"}) {
      CAPTURE(name);
      CHECK(ask({{name, "x"}, {name, "x"}}, header) == "invalid_request");
    }
    // One that is in the address counts as little as a second one.
    const Reply in_address =
        machine.post(std::string(rights::path_of(endpoint)) + "?client_id=by-header", "token=x", header);
    CHECK(door::error_of(in_address) == "invalid_request");
  }
}

TEST_CASE("of many connections that bring the same assertion at once one alone is authenticated") {
  const App app;
  add_clients(app);
  const std::string assertion = assert_client("by-key");
  std::atomic<int> let_in{0};
  std::atomic<int> refused{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        Machine racer(app);
        const Reply reply = racer.post(
            "/oauth2/token",
            door::to_form({{"grant_type", "client_credentials"},
                           {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                           {"client_assertion", assertion}}));
        (reply.status == 200 ? let_in : refused) += 1;
      });
    }
  }
  CHECK(let_in == 1);
  CHECK(refused == 7);
}
