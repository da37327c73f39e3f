// A relying system writes an event into the audit log (S4.26). The system authenticates itself by client_secret_basic.
#pragma once

#include "flow/house/house.hpp"
#include "http/message.hpp"

namespace api {

http::Response report_event(const flow::House& house, const http::Request& request);

}  // namespace api
