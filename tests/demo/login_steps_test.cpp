#include "demo/login_steps.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "base/bytes.hpp"

namespace {

std::string make_token(const std::string& header, const std::string& claims) {
  return base::to_base64url(header) + "." + base::to_base64url(claims) + ".c2ln";
}

}  // namespace

TEST_CASE("a token is shown as its header and its claims") {
  CHECK(demo::decode_token(make_token(R"({"alg":"ES256"})", R"({"sub":"a","aud":["x","y"],"n":1})")) ==
        "{\n  \"alg\": \"ES256\"\n}\n"
        "{\n  \"sub\": \"a\",\n  \"aud\": [\n    \"x\",\n    \"y\"\n  ],\n  \"n\": 1\n}");
}

TEST_CASE("what is no token is not shown as one") {
  for (const std::string token : {"", "opaque", "a.b", "a.b.c", "..", "e30.e30", make_token("[]", "{}").c_str(),
                                  make_token("{}", "no").c_str()}) {
    CAPTURE(token);
    CHECK(demo::decode_token(token).empty());
  }
}

TEST_CASE("empty objects and lists stay on one line, and texts are escaped") {
  CHECK(demo::to_pretty_json(boost::json::parse(R"({"a":{},"b":[],"c":"\"\n"})")) ==
        "{\n  \"a\": {},\n  \"b\": [],\n  \"c\": \"\\\"\\n\"\n}");
}

TEST_CASE("of a token endpoint's answer no token can be copied and used") {
  const std::string secret = "0123456789abcdefSECRET";
  const boost::json::object answer{
      {"access_token", secret}, {"id_token", secret}, {"token_type", "Bearer"}, {"expires_in", 300}};
  const std::string text = demo::describe_token_answer(answer);
  CHECK(text.find("SECRET") == std::string::npos);
  CHECK(text.find("0123456789abcdef…") != std::string::npos);
  CHECK(text.find("\"expires_in\": 300") != std::string::npos);
}

TEST_CASE("a request is shown with one line a field") {
  CHECK(demo::describe_request("GET https://a/authorize", {{"scope", "openid profile"}, {"state", "s"}}) ==
        "GET https://a/authorize\n  scope = openid profile\n  state = s");
}
