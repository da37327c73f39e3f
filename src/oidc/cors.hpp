// CORS: scripts of a public client may read an answer if their origin is the origin of one of its redirect URIs.
// A preflight is allowed for the origins of all public clients, because it does not say which client will call. Cookies
// are never allowed: these endpoints do not use them.
#pragma once

#include <optional>

#include "http/message.hpp"
#include "oidc/door.hpp"
#include "rights/client.hpp"

namespace oidc {

/// Answer to OPTIONS (Fetch standard, CORS-preflight request). Other origins get an answer without permission.
http::Response answer_preflight(const Door& door, const http::Request& request);

/// Adds Access-Control-Allow-Origin if `client` is public and the Origin is one of its own. Always adds Vary.
void share_with_client(const http::Request& request, const std::optional<rights::Client>& client,
                       http::Response& response);

}  // namespace oidc
