// Introspection (RFC 7662) and revocation (RFC 7009) of tokens.
#pragma once

#include "http/message.hpp"
#include "oidc/door.hpp"

namespace oidc {

http::Response answer_introspect(const Door& door, const http::Request& request);
http::Response answer_revoke(const Door& door, const http::Request& request);

}  // namespace oidc
