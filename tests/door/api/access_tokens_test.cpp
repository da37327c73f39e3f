// The API takes access tokens whose audience it is, beside the secret of an application (S4.20): raw JSON in, raw JSON
// out.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "base/bytes.hpp"
#include "door/app_fixture.hpp"
#include "flow/house/site_settings.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"

namespace {

using door::App;
using door::Browser;
using door::Reply;
namespace json = boost::json;

constexpr const char* path = "/api/v1/events";
const std::string portal = "Basic " + base::to_base64("demo-portal:demo-portal-secret");

struct Site {
  Site() {
    change([](rights::Client& client) {
      client.grants.emplace_back("client_credentials");
      client.scopes.emplace_back("audit:write");
      client.scopes.emplace_back("messages:send");
      client.writes_events = true;
    });
  }
  template <class F>
  void change(const F& apply) const {
    REQUIRE(app.house().store.write([&](store::Tx& tx) -> base::Result<void> {
      ASSIGN_OR_RETURN(auto client, store::find_client(tx, std::string_view("demo-portal")));
      apply(*client);
      return store::update_client(tx, *client, base::now());
    }));
  }
  [[nodiscard]] std::string api() const { return app.house().settings.site.issuer + "/api/v1"; }
  /// What the token endpoint answers to the application that asks for itself.
  [[nodiscard]] json::object ask(std::vector<std::pair<std::string, std::string>> more) const {
    more.emplace_back("grant_type", "client_credentials");
    Browser program(app.port());
    const Reply reply = program.request(
        "POST", "/oauth2/token", {{"Authorization", portal}, {"Content-Type", "application/x-www-form-urlencoded"}},
        door::to_form(more));
    return json::parse(reply.body).as_object();
  }
  [[nodiscard]] std::string get_token(const std::vector<std::pair<std::string, std::string>>& wish) const {
    const json::object answer = ask(wish);
    REQUIRE_MESSAGE(answer.contains("access_token"), json::serialize(answer));
    return std::string(answer.at("access_token").as_string());
  }
  [[nodiscard]] Reply send(const std::string& authorization, const char* where = path) const {
    Browser program(app.port());
    return program.request("POST", where, {{"Authorization", authorization}, {"Content-Type", "application/json"}},
                           R"({"type":"record.read","outcome":"success","object":"record 4711"})");
  }
  [[nodiscard]] std::vector<audit::Event> reported() const {
    store::AuditFilter filter;
    filter.source = store::EventSource::reported;
    return app.house().store.read([&](store::Tx& tx) { return store::find_events(tx, filter); }).value().events;
  }
  App app;
};

std::string problem_of(const Reply& reply) {
  return std::string(json::parse(reply.body).at("type").as_string());
}

}  // namespace

TEST_CASE("an application writes an event with an access token for the API, and is its source") {
  const Site site;
  const std::string token = site.get_token({{"scope", "audit:write"}, {"resource", site.api()}});
  CHECK(site.send("Bearer " + token).status == 201);
  CHECK(site.send("bearer  " + token).status == 201);
  REQUIRE(site.reported().size() == 2);
  CHECK(site.reported().front().source == "demo-portal");
  // Without a resource the scope names it.
  CHECK(site.send("Bearer " + site.get_token({{"scope", "audit:write"}})).status == 201);
}

TEST_CASE("a token of another kind, for another audience or changed is refused, and the challenge says so") {
  const Site site;
  const std::string token = site.get_token({{"scope", "audit:write"}});
  Browser anna(site.app.port());
  const std::string elsewhere = site.get_token({{"resource", site.app.house().settings.site.issuer}});
  std::string changed = token;
  changed.back() = changed.back() == 'A' ? 'Q' : 'A';
  for (const std::string& bad : {elsewhere, changed, std::string("x"), token + ".", token.substr(0, token.rfind('.')),
                                 std::string("eyJhbGciOiJub25lIn0.e30."), std::string(3000, 'x')}) {
    CAPTURE(bad.substr(0, 30));
    const Reply reply = site.send("Bearer " + bad);
    CHECK(reply.status == 401);
    CHECK(problem_of(reply) == "urn:chancery:problem:invalid-token");
    CHECK(reply.header("www-authenticate") == R"(Bearer realm="chancery", error="invalid_token")");
  }
  for (const char* other : {"Bearer", "Bearer ", "DPoP x", "Negotiate x"}) {
    CAPTURE(other);
    const Reply reply = site.send(other);
    CHECK(reply.status == 401);
    CHECK(problem_of(reply) == "urn:chancery:problem:unauthenticated");
  }
  CHECK(site.reported().empty());
}

TEST_CASE("a token without the scope of the call is refused, and the challenge names the scope") {
  const Site site;
  site.change([](rights::Client& client) { client.sends_messages = true; });
  const Reply reply = site.send("Bearer " + site.get_token({{"scope", "messages:send"}}));
  CHECK(reply.status == 403);
  CHECK(problem_of(reply) == "urn:chancery:problem:insufficient-scope");
  CHECK(reply.header("www-authenticate") ==
        R"(Bearer realm="chancery", error="insufficient_scope", scope="audit:write")");
  const Reply message = site.send("Bearer " + site.get_token({{"scope", "audit:write"}}), "/api/v1/messages");
  CHECK(message.status == 400);  // its members are judged first, as with a secret
  CHECK(site.reported().empty());
}

TEST_CASE("what is taken from an application is not left in its tokens") {
  const Site site;
  const std::string token = "Bearer " + site.get_token({{"scope", "audit:write"}});
  REQUIRE(site.send(token).status == 201);
  site.change([](rights::Client& client) { client.writes_events = false; });
  CHECK(site.send(token).status == 403);
  CHECK(site.ask({{"scope", "audit:write"}}).at("error").as_string() == "invalid_scope");
  site.change([](rights::Client& client) { client.writes_events = true; });
  REQUIRE(site.send(token).status == 201);
  site.change([](rights::Client& client) { std::erase(client.scopes, "audit:write"); });
  CHECK(site.send(token).status == 403);
  site.change([](rights::Client& client) { client.scopes.emplace_back("audit:write"); });
  site.change([](rights::Client& client) { client.enabled = false; });
  CHECK(site.send(token).status == 401);
  CHECK(site.reported().size() == 2);
}

TEST_CASE("a token that was revoked is refused from the next call on") {
  const Site site;
  const std::string token = site.get_token({{"scope", "audit:write"}});
  REQUIRE(site.send("Bearer " + token).status == 201);
  Browser program(site.app.port());
  REQUIRE(program
              .request("POST", "/oauth2/revoke",
                       {{"Authorization", portal}, {"Content-Type", "application/x-www-form-urlencoded"}},
                       door::to_form({{"token", token}}))
              .status == 200);
  CHECK(site.send("Bearer " + token).status == 401);
  CHECK(site.reported().size() == 1);
}
