// Signing for programs (S4.22): documents in, signatures out, in one call with a key that is held here, or in two steps
// with any. Jobs can be looked at, continued and forgotten.
#pragma once

#include "flow/house/house.hpp"
#include "http/message.hpp"

namespace api {

/// POST /api/v1/sign → 200, with the signatures.
http::Response sign(const flow::House& house, const http::Request& request);
/// POST /api/v1/sign/prepare → 201, with the octets to be signed.
http::Response prepare_signature(const flow::House& house, const http::Request& request);
/// POST /api/v1/sign/{job}/complete: {"signature_value"}, {"signature_values"} or {"pin"} → 200.
http::Response complete_signature(const flow::House& house, const http::Request& request);
/// GET /api/v1/sign/{job} → 200: how far it is.
http::Response show_job(const flow::House& house, const http::Request& request);
/// GET /api/v1/sign/{job}/items/{position} → 200: the octets of one signature.
http::Response show_result(const flow::House& house, const http::Request& request);
/// DELETE /api/v1/sign/{job} → 204.
http::Response forget_job(const flow::House& house, const http::Request& request);
/// GET /api/v1/credentials → 200: what the program may sign with.
http::Response list_credentials(const flow::House& house, const http::Request& request);

}  // namespace api
