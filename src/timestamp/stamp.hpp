// One request of the time-stamp protocol (RFC 3161 §3.4).
#pragma once

#include <string>

#include "flow/house/house.hpp"
#include "http/message.hpp"

namespace timestamp {

http::Response stamp(const flow::House& house, const http::Request& request);

/// All requests of one program together have one share of the lane. "" = anonymous.
std::string program_to_share(const http::Request& request);

}  // namespace timestamp
