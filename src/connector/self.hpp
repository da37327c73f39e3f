// GET /connector/self: the client system, its organisation and its certificate, for the client itself.
#pragma once

#include "flow/house/house.hpp"
#include "http/message.hpp"

namespace connector {

/// 200; 403 with the code 4204 if `?clientSystemId=` is another one; 401 or 403 with a reason in words.
http::Response show_self(const flow::House& house, const http::Request& request);

}  // namespace connector
