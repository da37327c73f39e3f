// POST /api/v1/clients/self/secret: an application changes its own secret.
#pragma once

#include "flow/house/house.hpp"
#include "http/message.hpp"

namespace api {

http::Response change_client_secret(const flow::House& house, const http::Request& request);

}  // namespace api
