// Where SMS gateways report what became of a message: /hooks/sms/NAME?key=KEY, by POST or GET, as each gateway does it.
// The key stands in the query, because no log has it.
#pragma once

#include "flow/house/house.hpp"
#include "http/message.hpp"

namespace api {

/// 200 "OK" also for a message that nobody knows; 404 for every address that is not that of a gateway with its key; 400
/// for a report that names no message. HEAD has no effect.
http::Response take_sms_report(const flow::House& house, const http::Request& request);

}  // namespace api
