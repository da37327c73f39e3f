#include "oidc/client_credentials.hpp"

#include <utility>

#include "http/basic_authorization.hpp"

namespace oidc {
namespace {

using flow::OAuthError;
using Read = std::variant<flow::ClientCredentials, flow::OAuthRefusal>;

Read bad_request(std::string_view why) {
  return flow::OAuthRefusal{OAuthError::invalid_request, why};
}

Read read_basic(std::string_view header, const http::Form& form) {
  if (!http::is_basic(header)) return flow::OAuthRefusal{OAuthError::invalid_client, "Authorization is not Basic"};
  auto basic = http::parse_client_basic(header);
  if (!basic) return bad_request("Authorization is not readable");
  if (form.has("client_secret")) return bad_request("more than one way of client authentication");
  if (form.has("client_id") && form.get("client_id") != basic->user)
    return bad_request("client_id is not that of Authorization");
  return flow::ClientCredentials{flow::ClientMethod::basic, std::move(basic->user), std::move(basic->password)};
}

}  // namespace

Read read_credentials(const http::Request& request, const http::Form& form) {
  if (form.has("client_assertion") || form.has("client_assertion_type")) {
    return bad_request("client_assertion is not supported");
  }
  if (request.count_header("Authorization") > 1) return bad_request("more than one Authorization header");
  if (const std::string* header = request.find_header("Authorization")) return read_basic(*header, form);
  flow::ClientCredentials credentials;
  credentials.client_id = form.get("client_id");
  if (credentials.client_id.empty()) return flow::OAuthRefusal{OAuthError::invalid_client, "no client is named"};
  if (form.has("client_secret")) {
    credentials.method = flow::ClientMethod::post;
    credentials.secret = base::Secret(form.get("client_secret"));
  }
  return credentials;
}

}  // namespace oidc
