// The door of the time-stamp authority, for programs (RFC 3161 §3.4). It has no session and sets no cookie.
//   POST /timestamp   application/timestamp-query → 200 application/timestamp-reply, also for a rejection
// A program may prove itself by client_secret_basic or a bearer token with the scope "timestamp"; who may do without is
// a setting.
#pragma once

#include "flow/house/house.hpp"
#include "http/router.hpp"

namespace timestamp {

/// What `house` refers to must outlive the router.
void mount(http::Router& router, const flow::House& house);

}  // namespace timestamp
