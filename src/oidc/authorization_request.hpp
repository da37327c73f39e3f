// Reads the authorization request from its parameters and writes it as a query. An attempt keeps this query.
#pragma once

#include <string>

#include "flow/oauth/validate_request.hpp"
#include "http/message.hpp"

namespace oidc {

/// Ignores unknown parameters (RFC 6749 §3.1). If a parameter but `resource` occurs twice, it takes none of its values
/// and sets `doubled`.
flow::AuthorizationRequest read_request(const http::Form& form);

/// "client_id=…&redirect_uri=…", percent-encoded, without absent parameters. read_request gives the same request again.
std::string print_request(const flow::AuthorizationRequest& request);

/// Takes `state` and `response_mode` from the parameter `request` where the request has none beside it. A request
/// object is refused and nothing in it is believed, but a client may put its parameters there alone (OIDC Core §6.1),
/// and it waits for the refusal where it asked for its answers.
void read_answer_wish(flow::AuthorizationRequest& request);

}  // namespace oidc
