// POST /api/v1/verify: the signatures of a document are judged (S4.21). JSON with base64, or multipart/form-data with
// files.
//   {"document", "content" | "content_digest" with "content_algorithm", "name", "policy", "at"} → the validation report
#pragma once

#include "flow/house/house.hpp"
#include "http/message.hpp"

namespace api {

http::Response verify(const flow::House& house, const http::Request& request);

}  // namespace api
