// The door for client programs (S0.4): JSON in, JSON out; errors are problem details (RFC 9457). There is
// no session: each call brings its own proof. Only the cookies of known devices and of the language
// have an effect.
//   POST /api/v1/account/password   {"login", "old_password", "new_password"} → 204
//   POST /api/v1/events             an event of a relying system (S4.26) → 201
//   POST /api/v1/timestamps         a time stamp for a digest (S4.24) → 200
//   POST /api/v1/verify             the signatures of a document are judged (S4.21) → 200 with the report
//   POST /api/v1/sign               signs documents (S4.22) → 200; /prepare and /{job}/complete do it in two steps
//   GET  /api/v1/credentials        what a program may sign with → 200
//   POST, GET /hooks/sms/NAME       a delivery report of an SMS gateway → 200
//   GET  /api/v1/openapi.json       the description of this API (OpenAPI 3.1)
#pragma once

#include "flow/house/house.hpp"
#include "http/router.hpp"

namespace api {

/// The router keeps references to what `house` refers to, so that must live longer.
void mount(http::Router& router, const flow::House& house);

}  // namespace api
