#include "oidc/client_credentials.hpp"

#include <strings.h>

#include <optional>

namespace oidc {
namespace {

using flow::OAuthError;
using Read = std::variant<flow::ClientCredentials, flow::OAuthRefusal>;

Read bad_request(std::string_view why) {
  return flow::OAuthRefusal{OAuthError::invalid_request, why};
}

std::optional<std::string> decode(std::string_view text) {
  auto decoded = base::percent_decode(text, true);
  return decoded ? std::optional(std::move(*decoded)) : std::nullopt;
}

// In HTTP Basic, id and secret are form-encoded first (RFC 6749 §2.3.1).
Read read_basic(std::string_view header, const http::Form& form) {
  constexpr std::string_view scheme = "basic ";
  if (header.size() < scheme.size() || ::strncasecmp(header.data(), scheme.data(), scheme.size()) != 0) {
    return flow::OAuthRefusal{OAuthError::invalid_client, "Authorization is not Basic"};
  }
  header.remove_prefix(scheme.size());
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  const auto octets = base::parse_base64(header);
  const std::size_t colon = octets ? octets->find(':') : std::string::npos;
  if (colon == std::string::npos) return bad_request("Authorization is not readable");
  auto id = decode(std::string_view(*octets).substr(0, colon));
  auto secret = decode(std::string_view(*octets).substr(colon + 1));
  if (!id || !secret) return bad_request("Authorization is not readable");
  if (form.has("client_secret")) return bad_request("more than one way of client authentication");
  if (form.has("client_id") && form.get("client_id") != *id)
    return bad_request("client_id is not that of Authorization");
  return flow::ClientCredentials{flow::ClientMethod::basic, std::move(*id), base::Secret(std::move(*secret))};
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
