// What a TLS listener shows at the moment: the file may have another certificate, which it has not read yet.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace http {

/// The certificate (DER) that the listener at the other end of this connected socket shows to who asks for `host` (SNI;
/// "" or an IP address = for none). Nothing is judged or sent. Errors: unavailable.
base::Result<base::Bytes> find_served_certificate(int socket, const std::string& host);

}  // namespace http
