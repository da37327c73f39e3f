// CORS: scripts of a public client may read an answer if their origin is the origin of one of its redirect URIs.
// The preflight request is always allowed, because these endpoints do not use cookies.
#pragma once

#include <optional>

#include "http/message.hpp"
#include "rights/client.hpp"

namespace oidc {

/// Answer to OPTIONS (Fetch standard, CORS-preflight request).
http::Response answer_preflight(const http::Request& request);

/// Adds Access-Control-Allow-Origin if `client` is public and the Origin is one of its own. Always adds Vary.
void share_with_client(const http::Request& request, const std::optional<rights::Client>& client,
                       http::Response& response);

}  // namespace oidc
