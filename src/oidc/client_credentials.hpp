// How a client authenticates (RFC 6749 §2.3.1, OIDC Core §9): HTTP Basic, or client_id and client_secret in the form,
// or a signed assertion, or client_id alone. "The client MUST NOT use more than one authentication method in each
// request."
#pragma once

#include <variant>

#include "flow/client/authenticate_client.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "http/message.hpp"
#include "rights/protocol.hpp"

namespace oidc {

/// The credentials, or why the endpoint does not take them.
std::variant<flow::ClientCredentials, flow::OAuthRefusal> read_credentials(const http::Request& request,
                                                                           const http::Form& form,
                                                                           rights::Endpoint endpoint);

}  // namespace oidc
