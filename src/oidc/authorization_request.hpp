// The authorization request as parameters, and back: what an attempt keeps is the canonical query of what was read.
#pragma once

#include <string>

#include "flow/oauth/validate_request.hpp"
#include "http/message.hpp"

namespace oidc {

/// Unknown parameters are ignored (RFC 6749 §3.1). Of a doubled one nothing is taken, and `doubled` is set.
flow::AuthorizationRequest read_request(const http::Form& form);

/// "client_id=…&redirect_uri=…", percent-encoded, without absent parameters. read_request of it gives the same.
std::string print_request(const flow::AuthorizationRequest& request);

}  // namespace oidc
