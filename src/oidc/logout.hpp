// The end-session endpoint (OpenID Connect RP-Initiated Logout 1.0 §2).
#pragma once

#include "http/message.hpp"
#include "oidc/door.hpp"

namespace oidc {

http::Response answer_logout(const Door& door, const http::Request& request);

}  // namespace oidc
