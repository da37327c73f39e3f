// Clients register themselves over the wire (RFC 7591, RFC 7592), to their first code.
#include "door/oidc/code_flow.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/registration/administer_tokens.hpp"

using door::App;
using door::Browser;
using door::has;
using door::Reply;

namespace {

struct Registry {
  Registry() : program(app.port()) {}
  std::string make_token() {
    flow::TokenWishes wishes;
    wishes.name = "test";
    flow::RequestFacts facts;
    facts.now = base::now();
    return std::string(
        flow::create_api_token(app.house(), flow::make_operator("test"), wishes, facts).value().text.reveal());
  }
  Reply call(std::string_view method, const std::string& path, const std::string& token, const std::string& body = {},
             const std::string& type = "application/json") {
    Browser::Headers headers;
    if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
    if (!body.empty()) headers.emplace_back("Content-Type", type);
    return program.request(method, path, headers, body);
  }
  App app;
  Browser program;
};

const std::string metadata = R"({"redirect_uris":["http://127.0.0.1:9191/callback"],"client_name":"Newcomer"})";

}  // namespace

TEST_CASE("an application registers, a person agrees once, and the ID token has the algorithm of the standard") {
  Registry f;
  const Reply made = f.call("POST", "/oauth2/register", f.make_token(), metadata);
  REQUIRE(made.status == 201);
  CHECK(made.header("cache-control") == "no-store");
  CHECK(made.header("content-type") == "application/json");
  const std::string id = door::member_of(made, "client_id");
  Browser browser(f.app.port());
  door::log_in_jan(browser);
  // No PKCE, as many certified libraries ask.
  const std::string path = door::authorize_path(
      {{"client_id", id}, {"scope", "openid"}, {"code_challenge", "-"}, {"code_challenge_method", "-"}});
  const Reply question = browser.follow(browser.get(path));
  REQUIRE(has(question.body, "Newcomer"));
  const Reply back = browser.follow(browser.submit(question.form("/login/consent"), {{"answer", "yes"}}));
  REQUIRE(has(back.location(), "callback?code="));
  door::Machine machine(f.app);
  const Reply tokens = machine.post(
      "/oauth2/token",
      door::to_form(door::token_form(door::parameters_of(back.location())["code"], {{"code_verifier", "-"}})),
      door::basic(id, door::member_of(made, "client_secret")));
  REQUIRE(tokens.status == 200);
  const std::string id_token = door::member_of(tokens, "id_token");
  CHECK(has(base::parse_base64url(id_token.substr(0, id_token.find('.'))).value(), "RS256"));
  CHECK(has(browser.get(path).location(), "callback?code="));
}

TEST_CASE("nobody registers without a token, and the answer says which kind is needed") {
  Registry f;
  for (const std::string& token : {std::string(), std::string("x"), std::string("chy_iat_x")}) {
    const Reply refused = f.call("POST", "/oauth2/register", token, metadata);
    CHECK(refused.status == 401);
    CHECK(door::error_of(refused) == "invalid_token");
    CHECK(has(refused.header("www-authenticate"), "Bearer"));
  }
  CHECK(f.call("POST", "/oauth2/register", f.make_token(), metadata, "text/plain").status == 400);
  CHECK(door::error_of(f.call("POST", "/oauth2/register", f.make_token(),
                              R"({"redirect_uris":["http://x.example/"]})")) == "invalid_redirect_uri");
  CHECK(door::error_of(f.call("POST", "/oauth2/register", f.make_token(), "{")) == "invalid_client_metadata");
  CHECK(f.call("GET", "/oauth2/register", f.make_token()).status == 405);
  CHECK(f.call("POST", "/oauth2/register", f.make_token(), std::string(40'000, ' ')).status == 413);
  CHECK(door::member_of(f.call("GET", "/.well-known/openid-configuration", ""), "registration_endpoint") ==
        f.app.origin() + "/oauth2/register");
}

TEST_CASE("a client reads, changes and deletes its registration at the address that it was given") {
  Registry f;
  const Reply made = f.call("POST", "/oauth2/register", f.make_token(), metadata);
  const std::string id = door::member_of(made, "client_id");
  const std::string token = door::member_of(made, "registration_access_token");
  const std::string path = "/oauth2/register/" + id;
  CHECK(door::member_of(made, "registration_client_uri") == f.app.origin() + path);
  const Reply read = f.call("GET", path, token);
  CHECK(read.status == 200);
  CHECK(door::member_of(read, "client_name") == "Newcomer");
  const Reply changed =
      f.call("PUT", path, token,
             R"({"client_id":")" + id + R"(","redirect_uris":["https://new.example.org/"],"client_name":"N"})");
  CHECK(changed.status == 200);
  CHECK(door::member_of(changed, "client_name") == "N");
  CHECK(f.call("PUT", path, token, metadata).status == 400);
  for (const char* method : {"GET", "PUT", "DELETE"}) {
    CHECK(f.call(method, path, "wrong", metadata).status == 401);
    CHECK(f.call(method, path, "").status == 401);
    CHECK(f.call(method, "/oauth2/register/demo-portal", token, metadata).status == 401);
  }
  const Reply deleted = f.call("DELETE", path, token);
  CHECK(deleted.status == 204);
  CHECK(deleted.body.empty());
  CHECK(f.call("GET", path, token).status == 401);
}

TEST_CASE("the twenty-first update in an hour is told when to come back") {
  Registry f;
  const Reply made = f.call("POST", "/oauth2/register", f.make_token(), metadata);
  const std::string id = door::member_of(made, "client_id");
  const std::string token = door::member_of(made, "registration_access_token");
  const std::string body = R"({"client_id":")" + id + R"(","redirect_uris":["https://new.example.org/"]})";
  for (int i = 0; i < 20; ++i) CHECK(f.call("PUT", "/oauth2/register/" + id, token, body).status == 200);
  const Reply refused = f.call("PUT", "/oauth2/register/" + id, token, body);
  CHECK(refused.status == 503);
  CHECK(door::error_of(refused) == "temporarily_unavailable");
  CHECK_FALSE(refused.header("retry-after").empty());
  CHECK(f.call("GET", "/oauth2/register/" + id, token).status == 200);
}

TEST_CASE("the address of keys may not be one of the inner network") {
  Registry f;
  for (const char* address : {"https://127.0.0.1/jwks", "https://169.254.169.254/jwks", "https://[::1]/jwks",
                              "https://10.0.0.1/jwks", "http://127.0.0.1:1/jwks"}) {
    const Reply refused =
        f.call("POST", "/oauth2/register", f.make_token(),
               std::string(R"({"redirect_uris":["https://app.example.org/"],"token_endpoint_auth_method":)") +
                   R"("private_key_jwt","jwks_uri":")" + address + "\"}");
    CHECK_MESSAGE(door::error_of(refused) == "invalid_client_metadata", address);
  }
}
