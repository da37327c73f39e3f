// The device authorization endpoint (RFC 8628 §3.1, §3.2).
#pragma once

#include "http/message.hpp"
#include "oidc/door.hpp"

namespace oidc {

http::Response answer_device_authorization(const Door& door, const http::Request& request);

}  // namespace oidc
