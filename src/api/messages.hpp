// POST /api/v1/messages: an application sends one short message (S3.10).
#pragma once

#include "flow/house/house.hpp"
#include "http/message.hpp"

namespace api {

http::Response send_message(const flow::House& house, const http::Request& request);

}  // namespace api
