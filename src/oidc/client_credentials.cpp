#include "oidc/client_credentials.hpp"

#include <utility>

#include "flow/client/client_assertion.hpp"
#include "http/basic_authorization.hpp"

namespace oidc {
namespace {

using flow::OAuthError;
using Read = std::variant<flow::ClientCredentials, flow::OAuthRefusal>;

Read bad_request(std::string_view why) {
  return flow::OAuthRefusal{OAuthError::invalid_request, why};
}

/// RFC 6749 §3.2: "Parameters sent without a value MUST be treated as if they were omitted from the request." Dovecot
/// sends client_id and client_secret without a value beside Basic.
bool names(const http::Form& form, std::string_view parameter) {
  return !form.get(parameter).empty();
}

Read read_basic(std::string_view header, const http::Form& form) {
  if (!http::is_basic(header)) return flow::OAuthRefusal{OAuthError::invalid_client, "Authorization is not Basic"};
  auto basic = http::parse_client_basic(header);
  if (!basic) return bad_request("Authorization is not readable");
  if (names(form, "client_secret")) return bad_request("more than one way of client authentication");
  if (names(form, "client_id") && form.get("client_id") != basic->user)
    return bad_request("client_id is not that of Authorization");
  return flow::ClientCredentials{flow::ClientMethod::basic, std::move(basic->user), std::move(basic->password)};
}

Read read_assertion(const http::Form& form) {
  if (form.get("client_assertion_type") != flow::assertion_type) return bad_request("client_assertion_type is another");
  if (names(form, "client_secret")) return bad_request("more than one way of client authentication");
  flow::ClientCredentials credentials;
  credentials.method = flow::ClientMethod::assertion;
  credentials.assertion = form.get("client_assertion");
  if (credentials.assertion.size() > flow::longest_assertion) return bad_request("client_assertion is too long");
  credentials.client_id = flow::find_asserted_client(credentials.assertion);
  if (credentials.client_id.empty()) {
    return flow::OAuthRefusal{OAuthError::invalid_client, "client_assertion names no client"};
  }
  if (names(form, "client_id") && form.get("client_id") != credentials.client_id)
    return bad_request("client_id is not that of client_assertion");
  return credentials;
}

Read read_any(const http::Request& request, const http::Form& form) {
  const bool is_asserted = names(form, "client_assertion") || names(form, "client_assertion_type");
  if (request.count_header("Authorization") > 1) return bad_request("more than one Authorization header");
  if (const std::string* header = request.find_header("Authorization")) {
    return is_asserted ? bad_request("more than one way of client authentication") : read_basic(*header, form);
  }
  if (is_asserted) return read_assertion(form);
  flow::ClientCredentials credentials;
  credentials.client_id = form.get("client_id");
  if (credentials.client_id.empty()) return flow::OAuthRefusal{OAuthError::invalid_client, "no client is named"};
  if (names(form, "client_secret")) {
    credentials.method = flow::ClientMethod::post;
    credentials.secret = base::Secret(form.get("client_secret"));
  }
  return credentials;
}

}  // namespace

Read read_credentials(const http::Request& request, const http::Form& form, rights::Endpoint endpoint) {
  Read read = read_any(request, form);
  const auto* credentials = std::get_if<flow::ClientCredentials>(&read);
  // What no client can be called is asked of no database.
  if (credentials != nullptr && !rights::is_client_id(credentials->client_id)) {
    return flow::OAuthRefusal{OAuthError::invalid_client, "no client can have this client_id"};
  }
  if (credentials != nullptr && !rights::allows(endpoint, credentials->method)) {
    return flow::OAuthRefusal{OAuthError::invalid_client, "this endpoint does not take this way of authentication"};
  }
  return read;
}

}  // namespace oidc
