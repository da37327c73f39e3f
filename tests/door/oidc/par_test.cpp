// Pushed authorization requests over the wire (RFC 9126), to the code.
#include "door/oidc/code_flow.hpp"

using door::App;
using door::Browser;
using door::Fields;
using door::has;
using door::Machine;
using door::Reply;

namespace {

Reply push(Machine& portal, const Fields& changes = {}) {
  return portal.post("/oauth2/par", door::to_form(door::portal_request(changes)),
                     door::basic("demo-portal", "demo-portal-secret"));
}

std::string path_of(const std::string& request_uri, const std::string& client = "demo-portal") {
  return "/oauth2/authorize?" + door::to_form({{"client_id", client}, {"request_uri", request_uri}});
}

}  // namespace

TEST_CASE(
    "an application pushes its request, the browser brings the reference alone, and the code is for that request") {
  const App app;
  Machine portal(app);
  const Reply pushed = push(portal);
  REQUIRE(pushed.status == 201);
  CHECK(pushed.header("cache-control") == "no-store");
  CHECK(has(pushed.body, "\"expires_in\":90"));
  const std::string uri = door::member_of(pushed, "request_uri");
  Browser browser(app.port());
  // The login comes between, and parameters beside the reference do not count.
  Reply reply = browser.follow(browser.get(path_of(uri) + "&scope=openid+phone&state=other"));
  reply = browser.follow(
      browser.submit(reply.form("/login/password"), {{"login", "jan.nowak"}, {"password", "River-Copper-2026"}}));
  REQUIRE(has(reply.location(), "http://127.0.0.1:9191/callback?code="));
  auto answer = door::parameters_of(reply.location());
  CHECK(answer["state"] == "st-1");
  const Reply tokens = portal.redeem(answer["code"]);
  CHECK(tokens.status == 200);
  CHECK(door::member_of(tokens, "scope") == "openid profile email");
  // It is used now.
  const Reply used = browser.get(path_of(uri));
  CHECK(used.status == 400);
  CHECK(has(used.body, "It works once, for 90 seconds."));
}

TEST_CASE(
    "a reference that another application brings, an unknown one and one from elsewhere lead to a page and nowhere "
    "else") {
  const App app;
  Machine portal(app);
  const std::string uri = door::member_of(push(portal), "request_uri");
  Browser browser(app.port());
  door::log_in_jan(browser);
  for (const std::string& path :
       {path_of(uri, "demo-lab"), path_of(uri + "x"), path_of("urn:ietf:params:oauth:request_uri:AAAA"),
        path_of("https://evil.example.org/request"), "/oauth2/authorize?" + door::to_form({{"request_uri", uri}})}) {
    const Reply reply = browser.get(path);
    CHECK_MESSAGE(reply.status == 400, path);
    CHECK(reply.location().empty());
  }
  CHECK(has(browser.get(path_of(uri)).location(), "callback?code="));
  CHECK(app.events("code_issue").size() == 1);
}

TEST_CASE("the endpoint answers as the table says: 401 without a proof, 400 by name for a bad request") {
  const App app;
  Machine portal(app);
  const std::string form = door::to_form(door::portal_request());
  const Reply unknown = portal.post("/oauth2/par", form, door::basic("demo-portal", "wrong"));
  CHECK(unknown.status == 401);
  CHECK(door::error_of(unknown) == "invalid_client");
  CHECK(portal.post("/oauth2/par", form).status == 401);
  CHECK(portal.get("/oauth2/par").status == 405);
  CHECK(door::error_of(portal.post("/oauth2/par?x=1", form, door::basic("demo-portal", "demo-portal-secret"))) ==
        "invalid_request");
  CHECK(door::error_of(push(portal, {{"redirect_uri", "https://evil.example.org/"}})) == "invalid_request");
  CHECK(door::error_of(push(portal, {{"response_type", "token"}})) == "unsupported_response_type");
  CHECK(door::error_of(push(portal, {{"request_uri", "urn:ietf:params:oauth:request_uri:x"}})) == "invalid_request");
  CHECK(door::error_of(push(portal, {{"client_id", "demo-lab"}})) == "invalid_request");
  CHECK(push(portal, {{"client_id", "-"}}).status == 201);
}

TEST_CASE("a client that must push is refused without, and its discovery says where") {
  const App app;
  Machine portal(app);
  const Reply metadata = portal.get("/.well-known/openid-configuration");
  CHECK(door::member_of(metadata, "pushed_authorization_request_endpoint") == app.origin() + "/oauth2/par");
  rights::Client client = rights::draft_client(rights::ClientKind::web);
  client.client_id = "strict";
  client.name = "Strict";
  client.redirect_uris = {door::callback};
  client.require_par = true;
  app.add_client(client, "demo-strict-secret");
  Browser browser(app.port());
  door::log_in_jan(browser);
  const Fields strict{{"client_id", "strict"}, {"scope", "openid"}};
  CHECK(door::parameters_of(browser.get(door::authorize_path(strict)).location())["error"] == "invalid_request");
  const Reply pushed = portal.post("/oauth2/par", door::to_form(door::portal_request(strict)),
                                   door::basic("strict", "demo-strict-secret"));
  REQUIRE(pushed.status == 201);
  CHECK(has(browser.get(path_of(door::member_of(pushed, "request_uri"), "strict")).location(), "callback?code="));
}
