// POST /api/v1/timestamps: a time stamp for a digest (S4.24), for programs that do not speak RFC 3161.
#pragma once

#include "flow/house/house.hpp"
#include "http/message.hpp"

namespace api {

/// {"digest": base64, "algorithm": "sha256", "policy": OID} → {"token": base64, "serial", "at", "policy"}
http::Response make_timestamp(const flow::House& house, const http::Request& request);

}  // namespace api
