// What the authority publishes: certificates, lists, answers of OCSP.
#pragma once

#include "flow/house/house.hpp"
#include "http/message.hpp"

namespace pki {

http::Response show_chain(const flow::House& house, const http::Request& request);
/// "ID.cer", "ID.crl", "ID-delta.crl".
http::Response show_file(const flow::House& house, const http::Request& request);
/// RFC 6960 A.1: POST with the request as body, or GET with it as base64 in the path.
http::Response answer_ocsp(const flow::House& house, const http::Request& request);
http::Response answer_ocsp_in_path(const flow::House& house, const http::Request& request);

}  // namespace pki
