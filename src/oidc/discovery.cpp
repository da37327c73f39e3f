#include "oidc/discovery.hpp"

#include <memory>

#include "base/json.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/token/claims_wish.hpp"
#include "rights/protocol.hpp"

namespace oidc {
namespace {

http::Response share(std::shared_ptr<const std::string> body) {
  http::Response response;
  response.kind = http::Kind::shared;
  response.content_type = "application/json";
  response.ready_body = std::move(body);
  response.headers.push_back({"Access-Control-Allow-Origin", "*"});
  return response;
}

}  // namespace

std::string make_discovery(std::string_view issuer) {
  const std::string base(issuer);
  base::JsonObject out;
  out.text("issuer", base);
  out.text("authorization_endpoint", base + "/oauth2/authorize");
  for (const rights::Endpoint endpoint : rights::all_endpoints) {
    out.text(rights::name_of(endpoint), base + std::string(rights::path_of(endpoint)));
  }
  out.text("registration_endpoint", base + "/oauth2/register");
  out.text("userinfo_endpoint", base + "/oauth2/userinfo");
  out.text("jwks_uri", base + "/oauth2/jwks");
  out.text("end_session_endpoint", base + "/oauth2/logout");
  out.words("scopes_supported", "openid profile email phone offline_access");
  out.words("response_types_supported", "code");
  out.words("response_modes_supported", rights::list_response_modes());
  out.words("grant_types_supported", rights::list_grant_types());
  out.words("subject_types_supported", "public pairwise");
  out.words("id_token_signing_alg_values_supported", "ES256 RS256");
  out.words("userinfo_signing_alg_values_supported", "ES256 RS256");
  // RFC 8414 §2: of the other endpoints only where they differ from the token endpoint.
  for (const auto& [endpoint, member] : {std::pair{rights::Endpoint::token, "token_endpoint_auth"},
                                         {rights::Endpoint::introspection, "introspection_endpoint_auth"},
                                         {rights::Endpoint::revocation, "revocation_endpoint_auth"}}) {
    out.words(std::string(member) + "_methods_supported", rights::list_auth_methods(endpoint));
    out.words(std::string(member) + "_signing_alg_values_supported", "ES256 RS256 PS256");
  }
  out.words("code_challenge_methods_supported", "S256");
  out.words("prompt_values_supported", "none login select_account consent");
  out.words("acr_values_supported", "urn:chancery:acr:1 urn:chancery:acr:2 urn:chancery:acr:3");
  out.words("claims_supported", std::string("sub iss aud exp iat auth_time nonce acr amr sid at_hash context ")
                                    .append(flow::list_person_claims()));
  out.words("ui_locales_supported", "en de pl");
  out.flag("authorization_response_iss_parameter_supported", true);
  out.flag("backchannel_logout_supported", true).flag("backchannel_logout_session_supported", true);
  out.flag("claims_parameter_supported", true).flag("request_parameter_supported", false);
  out.flag("request_uri_parameter_supported", false);
  return out.finish();
}

http::Handler make_discovery_handler(const Door& door) {
  return [document = std::make_shared<const std::string>(make_discovery(door.house.settings.site.issuer))](
             const http::Request&) { return share(document); };
}

http::Handler make_jwks_handler(const Door& door) {
  return [&keys = door.house.keys](const http::Request&) { return share(keys.jwks()); };
}

}  // namespace oidc
