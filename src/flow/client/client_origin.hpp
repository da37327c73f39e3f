// The origins whose scripts may call the endpoints of public clients (CORS): those of the clients' redirect URIs.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "flow/house/house.hpp"

namespace flow {

/// Whether `origin` (header Origin) is that of a redirect URI of a public client that is not switched off.
/// Errors: unavailable.
base::Result<bool> is_client_origin(const House& house, std::string_view origin);

}  // namespace flow
