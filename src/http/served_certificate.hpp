// What a TLS listener shows at the moment: the file may have another certificate, which it has not read yet.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace http {

/// The certificate (DER) that the listener at this IP address shows to who asks for `host` (SNI; "" = for none).
/// Nothing is judged or sent. Waits for each step at most two seconds. Errors: invalid_input (no IP address),
/// unavailable.
base::Result<base::Bytes> find_served_certificate(const std::string& address, std::uint16_t port,
                                                  const std::string& host);

}  // namespace http
