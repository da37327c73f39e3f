#include "oidc/authorization_request.hpp"

#include <doctest/doctest.h>

namespace {

flow::AuthorizationRequest read(std::string_view query) {
  return oidc::read_request(http::Form::parse(query).value());
}

}  // namespace

TEST_CASE("what is printed for an attempt reads back the same") {
  const auto request = read(
      "client_id=portal&redirect_uri=https%3A%2F%2Fa.example%2Fcb%3Fx%3D1%26y%3D2&scope=openid+email"
      "&state=%C4%85%26%3D%25%2B&max_age=0&prompt=login");
  CHECK(request.redirect_uri == "https://a.example/cb?x=1&y=2");
  CHECK(request.scope == "openid email");
  CHECK(request.max_age == "0");
  const std::string printed = oidc::print_request(request);
  CHECK(printed.find_first_of(" +\r\n") == std::string::npos);
  const auto again = read(printed);
  CHECK(again.state == request.state);
  CHECK(oidc::print_request(again) == printed);
  CHECK_FALSE(again.doubled);
}

TEST_CASE("of a doubled parameter nothing is taken") {
  const auto request = read("client_id=a&client_id=b&redirect_uri=https%3A%2F%2Fa.example%2F&state=x&state=x");
  CHECK(request.doubled);
  CHECK(request.client_id.empty());
  CHECK(request.state.empty());
  CHECK(read("client_id=a&unknown=1&unknown=1").doubled);
}

TEST_CASE("an empty parameter is an absent one") {
  const auto request = read("client_id=a&prompt=&nonce=");
  CHECK(oidc::print_request(request) == "client_id=a");
}
