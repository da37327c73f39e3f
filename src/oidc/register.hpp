// The client registration endpoint (RFC 7591 §3, OpenID Connect Registration §3) and the client configuration endpoint
// (RFC 7592 §2).
#pragma once

#include "http/message.hpp"
#include "oidc/door.hpp"

namespace oidc {

/// POST with an initial access token.
http::Response answer_register(const Door& door, const http::Request& request);
/// GET, PUT and DELETE at /oauth2/register/{client_id} with the registration access token.
http::Response answer_registration(const Door& door, const http::Request& request);

}  // namespace oidc
