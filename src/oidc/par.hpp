// The endpoint for pushed authorization requests (RFC 9126 §2).
#pragma once

#include "http/message.hpp"
#include "oidc/door.hpp"

namespace oidc {

http::Response answer_par(const Door& door, const http::Request& request);

}  // namespace oidc
