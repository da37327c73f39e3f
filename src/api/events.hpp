// A relying system writes an event into the audit log (S4.26). The system authenticates itself by client_secret_basic.
#pragma once

#include <string>

#include "flow/house/house.hpp"
#include "http/message.hpp"

namespace api {

http::Response report_event(const flow::House& house, const http::Request& request);

/// All requests of one system together have one share of the lane. "" = none is named.
std::string client_to_report(const http::Request& request);

}  // namespace api
