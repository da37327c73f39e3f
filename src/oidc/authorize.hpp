// The authorization endpoint (RFC 6749 §3.1, OIDC Core §3.1.2, RFC 9207).
#pragma once

#include "http/message.hpp"
#include "oidc/door.hpp"

namespace oidc {

/// GET and POST with a request; GET with only `attempt`, which resumes a request after the login.
http::Response answer_authorize(const Door& door, const http::Request& request);

}  // namespace oidc
