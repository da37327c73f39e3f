#include "oidc/discovery.hpp"

#include <memory>

#include "base/json.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/house/site_settings.hpp"

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
  out.text("token_endpoint", base + "/oauth2/token");
  out.text("userinfo_endpoint", base + "/oauth2/userinfo");
  out.text("jwks_uri", base + "/oauth2/jwks");
  out.text("end_session_endpoint", base + "/oauth2/logout");
  out.words("scopes_supported", "openid profile email phone");
  out.words("response_types_supported", "code");
  out.words("response_modes_supported", "query");
  out.words("grant_types_supported", "authorization_code");
  out.words("subject_types_supported", "public");
  out.words("id_token_signing_alg_values_supported", "ES256 RS256");
  out.words("token_endpoint_auth_methods_supported", "client_secret_basic client_secret_post none");
  out.words("code_challenge_methods_supported", "S256");
  out.words("prompt_values_supported", "none login select_account");
  out.words("acr_values_supported", "urn:chancery:acr:1 urn:chancery:acr:2 urn:chancery:acr:3");
  out.words("claims_supported",
            "sub iss aud exp iat auth_time nonce acr amr sid at_hash context account_kind name given_name "
            "family_name preferred_username locale email email_verified phone_number phone_number_verified");
  out.words("ui_locales_supported", "en de pl");
  out.flag("authorization_response_iss_parameter_supported", true);
  out.flag("backchannel_logout_supported", true).flag("backchannel_logout_session_supported", true);
  out.flag("claims_parameter_supported", false).flag("request_parameter_supported", false);
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
