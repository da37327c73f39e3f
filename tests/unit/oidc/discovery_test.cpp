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
  for (const char* absent :
       {"check_session_iframe", "backchannel_authentication_endpoint", "dpop_signing_alg_values_supported",
        "mtls_endpoint_aliases", "request_object_signing_alg_values_supported"}) {
    CAPTURE(absent);
    CHECK_FALSE(document.contains(absent));
  }
}
