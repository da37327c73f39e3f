// The token endpoint (RFC 6749 §3.2, §4.1.3, §5; OIDC Core §3.1.3).
#pragma once

#include "http/message.hpp"
#include "oidc/door.hpp"

namespace oidc {

http::Response answer_token(const Door& door, const http::Request& request);

}  // namespace oidc
