// Which scripts of other origins may read an answer: those of public clients, from the origins of their redirect URIs.
// Cookies play no part at these endpoints, so the preflight promises nothing.
#pragma once

#include <optional>

#include "http/message.hpp"
#include "rights/client.hpp"

namespace oidc {

/// Answer to OPTIONS (Fetch standard, CORS-preflight request).
http::Response answer_preflight(const http::Request& request);

/// Adds Access-Control-Allow-Origin if `client` is public and the Origin is its own, and Vary always.
void share_with_client(const http::Request& request, const std::optional<rights::Client>& client,
                       http::Response& response);

}  // namespace oidc
