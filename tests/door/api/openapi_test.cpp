// The description of the interface against the answers: what a program is made from must know every answer.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/bytes.hpp"
#include "door/app_fixture.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"

namespace {

using door::App;
using door::Browser;
using door::Reply;
namespace json = boost::json;

const std::string portal = "Basic " + base::to_base64("demo-portal:demo-portal-secret");

struct Site {
  Site() {
    REQUIRE(app.house().store.write([](store::Tx& tx) -> base::Result<void> {
      ASSIGN_OR_RETURN(auto client, store::find_client(tx, std::string_view("demo-portal")));
      for (const char* scope : {"sign", "verify", "timestamp"}) client->scopes.emplace_back(scope);
      return store::update_client(tx, *client, base::now());
    }));
    Browser program(app.port());
    document = json::parse(program.get("/api/v1/openapi.json").body);
  }
  /// `path` as the description has it; a job is one that nobody has.
  [[nodiscard]] Reply post(std::string path, const std::string& body) const {
    if (const auto at = path.find("{job}"); at != std::string::npos) {
      path.replace(at, 5, "01a22a81-0000-7000-8000-000000000000");
    }
    Browser program(app.port());
    return program.request("POST", path, {{"Content-Type", "application/json"}, {"Authorization", portal}}, body);
  }
  [[nodiscard]] bool describes(const char* path, int status) const {
    const json::object& operation = document.at("paths").at(path).at("post").as_object();
    return operation.at("responses").as_object().contains(std::to_string(status));
  }
  [[nodiscard]] bool describes_code(const json::string& code) const {
    const json::array& codes =
        document.at_pointer("/components/schemas/InvalidFields/allOf/1/properties/errors/items/properties/code/enum")
            .as_array();
    return std::find(codes.begin(), codes.end(), json::value(code)) != codes.end();
  }
  App app;
  json::value document;
};

}  // namespace

TEST_CASE("every code by which a member is refused stands in the description of the interface") {
  const Site site;
  const std::vector<std::pair<const char*, const char*>> wrong{
      {"/api/v1/clients/self/secret", R"({"keep_old":"no","colour":1})"},
      {"/api/v1/events", R"({"type":7,"outcome":"maybe","at":"2099-01-01T00:00:00Z","reason":"a b","colour":1})"},
      {"/api/v1/messages", R"({"to":"12","kind":"song"})"},
      {"/api/v1/messages", R"({"colour":1})"},
      {"/api/v1/timestamps", R"({"digest":"no base64","algorithm":"md5"})"},
      {"/api/v1/timestamps", R"({"digest":"YQ==","colour":1})"},
      {"/api/v1/timestamps", "{}"},
      {"/api/v1/verify", R"({"document":"no base64","at":"yesterday","content":"YQ==","content_digest":"YQ=="})"},
      {"/api/v1/verify", R"({"document":"YQ==","content_digest":"YQ==","policy":7})"},
      {"/api/v1/sign", R"({"document":"YQ==","documents":[],"credential_id":"x","format":"pdf"})"},
      {"/api/v1/sign", R"({"documents":"YQ=="})"},
      {"/api/v1/sign", R"({"documents":[1,{"document":[]},{"name":1}]})"},
      {"/api/v1/sign/prepare", R"({"document":{"digest":"YQ==","x":1,"algorithm":2},"certificate":"YQ==","chain":1})"}};
  for (const auto& [path, body] : wrong) {
    CAPTURE(path);
    CAPTURE(body);
    const Reply reply = site.post(path, body);
    REQUIRE(reply.status == 400);
    const json::value answer = json::parse(reply.body);
    for (const json::value& error : answer.at("errors").as_array()) {
      CHECK_MESSAGE(site.describes_code(error.at("code").as_string()), error);
    }
  }
}

TEST_CASE("every member of a refusal stands in the description of the interface") {
  const Site site;
  const json::object& members = site.document.at_pointer("/components/schemas/Problem/properties").as_object();
  json::array many(251, json::object{{"document", "YQ=="}});
  const json::object too_many{{"credential_id", "01a22a81-0000-7000-8000-000000000000"}, {"documents", many}};
  const std::vector<std::pair<const char*, std::string>> refused{
      {"/api/v1/verify", R"({"document":"YQ=="})"},
      {"/api/v1/sign", json::serialize(too_many)},
      {"/api/v1/events", std::string(9000, 'x')},
      {"/api/v1/sign/{job}/complete", std::string(600UL * 1024, 'x')}};
  for (const auto& [path, body] : refused) {
    CAPTURE(path);
    const Reply reply = site.post(path, body);
    CHECK(reply.status >= 413);
    const json::value answer = json::parse(reply.body);
    for (const auto& member : answer.as_object()) CHECK_MESSAGE(members.contains(member.key()), member.key());
  }
}

TEST_CASE("a body that is too large and a network that failed too often are answers of the description") {
  const Site site;
  const std::string large(600UL * 1024, 'x');
  for (const char* path : {"/api/v1/account/password", "/api/v1/events", "/api/v1/clients/self/secret",
                           "/api/v1/messages", "/api/v1/sign/{job}/complete"}) {
    CAPTURE(path);
    const int status = site.post(path, large).status;
    CHECK(status == 413);
    CHECK(site.describes(path, status));
  }
  const char* const password = "/api/v1/account/password";
  int status = 401;
  for (int i = 0; i < 200 && status == 401; ++i) {
    const std::string login = "nobody-" + std::to_string(i);
    status =
        site.post(password, R"({"login":")" + login + R"(","old_password":"x","new_password":"Granite-Sparrow-7"})")
            .status;
  }
  CHECK(status == 429);
  CHECK(site.describes(password, status));
}
