// The userinfo endpoint (OIDC Core §5.3) with bearer tokens (RFC 6750 §2.1, §2.2; never in the address, §2.3).
#pragma once

#include "http/message.hpp"
#include "oidc/door.hpp"

namespace oidc {

http::Response answer_userinfo(const Door& door, const http::Request& request);

}  // namespace oidc
