#include "oidc/client_credentials.hpp"

#include <doctest/doctest.h>

using flow::ClientMethod;
using flow::OAuthError;

namespace {

using Read = std::variant<flow::ClientCredentials, flow::OAuthRefusal>;

Read read(const std::string& body, std::vector<http::Header> headers = {}) {
  http::Request request;
  request.headers = std::move(headers);
  return oidc::read_credentials(request, http::Form::parse(body).value(), rights::Endpoint::token);
}

http::Header basic(std::string_view pair) {
  return {"Authorization", "Basic " + base::to_base64(pair)};
}

OAuthError error_of(const Read& read) {
  REQUIRE(std::holds_alternative<flow::OAuthRefusal>(read));
  return std::get<flow::OAuthRefusal>(read).error;
}

flow::ClientCredentials credentials_of(const Read& read) {
  REQUIRE(std::holds_alternative<flow::ClientCredentials>(read));
  return std::get<flow::ClientCredentials>(read);
}

}  // namespace

TEST_CASE("id and secret in the header are form-encoded") {
  const auto read_back = credentials_of(read("", {basic("my%2Eclient:s%25+%2B%C4%85:x")}));
  CHECK(read_back.method == ClientMethod::basic);
  CHECK(read_back.client_id == "my.client");
  CHECK(read_back.secret.reveal() == "s% +\xc4\x85:x");
}

TEST_CASE("the form may name the client, with or without a secret") {
  const auto with = credentials_of(read("client_id=portal&client_secret=x"));
  CHECK(with.method == ClientMethod::post);
  CHECK(with.secret.reveal() == "x");
  CHECK(credentials_of(read("client_id=spa")).method == ClientMethod::none);
  CHECK(credentials_of(read("client_id=portal", {basic("portal:x")})).method == ClientMethod::basic);
}

TEST_CASE("two ways at once, or two names, are refused") {
  CHECK(error_of(read("client_secret=x", {basic("portal:x")})) == OAuthError::invalid_request);
  CHECK(error_of(read("client_id=other", {basic("portal:x")})) == OAuthError::invalid_request);
  CHECK(error_of(read("", {basic("portal:x"), basic("portal:x")})) == OAuthError::invalid_request);
  CHECK(error_of(read("client_id=portal&client_assertion=x")) == OAuthError::invalid_request);
}

TEST_CASE("what cannot be read is refused") {
  CHECK(error_of(read("", {{"Authorization", "Basic !!!"}})) == OAuthError::invalid_request);
  CHECK(error_of(read("", {basic("no-colon")})) == OAuthError::invalid_request);
  CHECK(error_of(read("", {basic("a:%zz")})) == OAuthError::invalid_request);
  CHECK(error_of(read("", {{"Authorization", "Basic"}})) == OAuthError::invalid_client);
  CHECK(error_of(read("", {{"Authorization", "Bearer x"}})) == OAuthError::invalid_client);
  CHECK(error_of(read("")) == OAuthError::invalid_client);
}
