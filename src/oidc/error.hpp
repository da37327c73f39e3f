// The one table of this door: kind of refusal → its name in the standards and its status (RFC 6749 §5.2, RFC 6750
// §3.1).
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "http/message.hpp"

namespace oidc {

/// "invalid_grant".
std::string_view name_of(flow::OAuthError error);
/// The status of an answer in JSON.
int status_of(flow::OAuthError error);

/// {"error":…,"error_description":…}; invalid_client with WWW-Authenticate.
http::Response to_json(const flow::OAuthRefusal& refusal);
/// server_error or temporarily_unavailable; the reason goes to the log only.
http::Response to_json(const http::Request& request, const base::Error& error);

}  // namespace oidc
