// The addresses of this connector as the client used them: a host name and an IP address are both right, if they are in
// the certificate.
#pragma once

#include <string>
#include <string_view>

#include "connector/connector.hpp"
#include "http/message.hpp"

namespace connector {

/// "https://192.168.178.93:9443" with the host of the request: over TLS its port too, without TLS that of the listener
/// with TLS. "" = the host is none (RFC 9110 §7.2) or not this connector's (Options::is_own_host), because programs
/// connect to what the directory says; or the port is unknown.
std::string find_tls_origin(const http::Request& request, const Options& options);

/// "0.11.0" as the schema wants it: three numbers of at most three digits.
std::string print_version(std::string_view version);

}  // namespace connector
