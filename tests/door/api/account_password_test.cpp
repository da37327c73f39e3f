// A client program changes its account's password (S0.4): raw JSON in, raw JSON out.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "door/app_fixture.hpp"

namespace {

using door::App;
using door::Browser;
using door::Reply;
namespace json = boost::json;

constexpr const char* path = "/api/v1/account/password";
constexpr const char* right = "River-Copper-2026";
constexpr const char* other = "Granite-Sparrow-7";

Reply call(const App& app, const std::string& body, const std::string& type = "application/json") {
  Browser program(app.port());
  return program.request("POST", path, {{"Content-Type", type}}, body);
}

std::string body_of(const std::string& login, const std::string& old_password, const std::string& new_password) {
  return json::serialize(
      json::object{{"login", login}, {"old_password", old_password}, {"new_password", new_password}});
}

std::string problem_of(const Reply& reply) {
  CHECK(reply.header("content-type") == "application/problem+json");
  const json::value value = json::parse(reply.body);
  CHECK(value.at("status").as_int64() == reply.status);
  return std::string(value.at("type").as_string());
}

}  // namespace

TEST_CASE("a program changes the password of its account in one call") {
  const App app;
  const Reply done = call(app, body_of("jan.nowak", right, other));
  CHECK(done.status == 204);
  CHECK(done.body.empty());
  CHECK(problem_of(call(app, body_of("jan.nowak", right, "Granite-Sparrow-8"))) ==
        "urn:chancery:problem:wrong-password");
  CHECK(call(app, body_of("JAN.nowak", other, "Granite-Sparrow-8")).status == 204);
  CHECK(call(app, body_of("anna.kowalska", "Meadow-Violet-2026", other)).status == 204);
}

TEST_CASE("a wrong stored password tells the program to ask its operator, and nothing else") {
  const App app;
  const Reply wrong = call(app, body_of("jan.nowak", "Wrong-Password-1", other));
  const Reply unknown = call(app, body_of("nobody.here", right, other));
  CHECK(wrong.status == 401);
  CHECK(unknown.status == 401);
  CHECK(problem_of(wrong) == "urn:chancery:problem:wrong-password");
  const auto without_id = [](const Reply& reply) {
    json::object object = json::parse(reply.body).as_object();
    object.erase("instance");
    return json::serialize(object);
  };
  CHECK(without_id(wrong) == without_id(unknown));
  CHECK(app.events("password_set").empty());
}

TEST_CASE("a new password that breaks the policy is refused with all its flaws, by code and in words") {
  const App app;
  const Reply refused = call(app, body_of("jan.nowak", right, "nowak"));
  CHECK(refused.status == 422);
  CHECK(problem_of(refused) == "urn:chancery:problem:password-refused");
  const json::value answer = json::parse(refused.body);
  const json::array& flaws = answer.at("flaws").as_array();
  CHECK(flaws.size() >= 2);
  CHECK(flaws[0].at("code").as_string() == "too_short");
  CHECK(flaws[0].at("needed").as_int64() == 8);
  CHECK(!flaws[0].at("message").as_string().empty());
}

TEST_CASE("what is not understood is refused, not ignored") {
  const App app;
  for (
      const std::string& body :
      {std::string(), std::string("[]"), std::string("{"), std::string(R"({"login":"jan.nowak"})"),
       std::string(R"({"login":"jan.nowak","old_password":1,"new_password":"x"})"),
       std::string(
           R"({"login":"jan.nowak","old_password":"River-Copper-2026","new_password":"Granite-Sparrow-7","must_change":false})"),
       std::string(
           R"({"login":"anna.kowalska","login":"jan.nowak","old_password":"River-Copper-2026","new_password":"Granite-Sparrow-7"})"),
       body_of("jan.nowak", right, std::string(600, 'x')), std::string(5000, '[')}) {
    const Reply reply = call(app, body);
    CHECK_MESSAGE(reply.status == 400, body.substr(0, 80));
  }
  CHECK(call(app, body_of("jan.nowak", right, other), "text/plain").status == 400);
  CHECK(call(app, std::string(20000, 'x')).status == 413);
  CHECK(app.events("password_set").empty());
}

TEST_CASE("the description of the interface is JSON and names what there is") {
  const App app;
  Browser program(app.port());
  const Reply reply = program.get("/api/v1/openapi.json");
  CHECK(reply.status == 200);
  const json::value document = json::parse(reply.body);
  CHECK(document.at("openapi").as_string() == "3.1.0");
  CHECK(document.at("paths").as_object().contains(path));
}
