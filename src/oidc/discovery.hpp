// The metadata of this server (OpenID Connect Discovery 1.0 §3, RFC 8414 §2). It announces only what is implemented.
#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"
#include "oidc/door.hpp"

namespace oidc {

/// The document for `issuer`, which has no slash at its end.
std::string make_discovery(std::string_view issuer);

/// A handler that answers with ready-made octets.
http::Handler make_discovery_handler(const Door& door);
/// The public keys (RFC 7517 §5).
http::Handler make_jwks_handler(const Door& door);

}  // namespace oidc
