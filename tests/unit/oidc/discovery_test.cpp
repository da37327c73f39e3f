#include "oidc/discovery.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

TEST_CASE("discovery is JSON, names its issuer, and announces nothing that is not built") {
  const auto document = boost::json::parse(oidc::make_discovery("https://id.example.org")).as_object();
  CHECK(document.at("issuer").as_string() == "https://id.example.org");
  CHECK(document.at("token_endpoint").as_string() == "https://id.example.org/oauth2/token");
  CHECK(document.at("response_types_supported") == boost::json::array{"code"});
  CHECK(document.at("code_challenge_methods_supported") == boost::json::array{"S256"});
  CHECK(document.at("request_uri_parameter_supported") == false);
  for (const char* absent : {"registration_endpoint", "introspection_endpoint", "revocation_endpoint",
                             "pushed_authorization_request_endpoint", "device_authorization_endpoint"}) {
    CHECK_FALSE(document.contains(absent));
  }
}
