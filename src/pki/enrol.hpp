// EST (RFC 7030): requests for certificates over TLS.
#pragma once

#include "flow/house/house.hpp"
#include "http/message.hpp"

namespace pki {

/// §4.1: the certificates that a program has to know. On the connector's listener only a client system gets an answer,
/// by certificate or password (docs/decisions/0070); elsewhere everybody, because they are public (§4.1.1).
http::Response show_authorities(const flow::House& house, const http::Request& request);
/// §4.2.1: by Basic authentication.
http::Response enrol(const flow::House& house, const http::Request& request);
/// §4.2.2: by the certificate of the connection.
http::Response enrol_again(const flow::House& house, const http::Request& request);
/// §4.5: which signature the request should have. To whom: as show_authorities.
http::Response show_attributes(const flow::House& house, const http::Request& request);

}  // namespace pki
