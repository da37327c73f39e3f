#include "flow/token/claims_wish.hpp"

#include <doctest/doctest.h>

using flow::ClaimsWish;

TEST_CASE("the claims that are asked for are told apart by where they are wanted") {
  const auto wish = ClaimsWish::parse(
      R"({"userinfo":{"email":{"essential":true},"name":null},"id_token":{"auth_time":{"essential":true},)"
      R"("acr":{"values":["urn:chancery:acr:2",3,"x"]}}})");
  REQUIRE(wish);
  CHECK(wish->wants_in_userinfo("email"));
  CHECK_FALSE(wish->wants_in_id_token("email"));
  CHECK(wish->wants_in_id_token("auth_time"));
  CHECK(wish->voluntary_acrs() == std::vector<std::string>{"urn:chancery:acr:2", "x"});
  CHECK(wish->essential_acrs().empty());
}

TEST_CASE("members and claims that nobody knows are ignored") {
  const auto wish = ClaimsWish::parse(
      R"({"x":1,"id_token":{"https://example.org/claim":null,"name profile":null,"address":{"essential":true,"y":2}}})");
  REQUIRE(wish);
  CHECK(wish->empty());
  CHECK(wish->print().empty());
  CHECK(ClaimsWish::parse("")->empty());
}

TEST_CASE("a wish of another form than the standard gives it is refused") {
  for (const char* text :
       {"x", "1", "null", "[]", "{", R"({"id_token":null})", R"({"id_token":"name"})", R"({"userinfo":["name"]})",
        R"({"userinfo":{"name":1}})", R"({"userinfo":{"name":{"essential":1}}})",
        R"({"id_token":{"acr":{"values":{}}}})", "{\"id_token\":{}} x"}) {
    CAPTURE(text);
    CHECK_FALSE(ClaimsWish::parse(text));
  }
  // Deep nesting ends in a refusal and not on the stack.
  CHECK_FALSE(ClaimsWish::parse("{\"id_token\":{\"name\":" + std::string(2000, '[') + std::string(2000, ']') + "}}"));
}

TEST_CASE("what is printed is read as the same wish") {
  const std::string text =
      R"({"id_token":{"acr":{"essential":true,"values":["a\"b","c"]},"name":null},"userinfo":{"email":{"essential":true}}})";
  const auto wish = ClaimsWish::parse(text);
  REQUIRE(wish);
  CHECK(wish->print() == text);
  CHECK(ClaimsWish::parse(wish->print())->print() == text);
}

TEST_CASE("a subject and an essential acr are found") {
  const auto wish = ClaimsWish::parse(
      R"({"userinfo":{"sub":{"value":"s-1"}},"id_token":{"acr":{"essential":true,"value":"urn:chancery:acr:3"}}})");
  REQUIRE(wish);
  CHECK(wish->subject() == "s-1");
  CHECK(wish->essential_acrs() == std::vector<std::string>{"urn:chancery:acr:3"});
  CHECK(wish->voluntary_acrs().empty());
}

TEST_CASE("each claim has one scope, and a list of names is none") {
  CHECK(flow::scope_of_claim("email_verified") == "email");
  CHECK(flow::scope_of_claim("given_name") == "profile");
  CHECK(flow::scope_of_claim("phone_number") == "phone");
  CHECK(flow::scope_of_claim("sub") == "openid");
  CHECK(flow::scope_of_claim("name given_name").empty());
  CHECK(flow::scope_of_claim("").empty());
  CHECK(flow::scope_of_claim("address").empty());
}
