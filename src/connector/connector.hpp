// The door for client systems (S1.2 to S1.4, S0.5), on listeners of the roles connector and connector_plain:
//   GET /connector/self    who the caller is, by certificate or password over TLS
//   GET /connector.sds     the service directory (gemSpec_Kon, ServiceDirectory.xsd)
//   GET /info              product, versions, address of the administration
//   GET /, /administration the way to the pages, for people
// It has no session and sets no cookie. What each listener serves is decided by the settings in force at every request.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "flow/house/house.hpp"
#include "http/router.hpp"

namespace connector {

struct Options {
  std::string version;                        // of the program: "0.11.0"
  std::function<std::uint16_t()> tls_port{};  // at which clients reach the listener with TLS; 0 = unknown
  /// Whether a host is one of the listener with TLS (http::Server::is_host_of); without it every host is.
  std::function<bool(const std::string& host)> is_own_host{};
};

/// What `house` refers to must outlive the router.
void mount(http::Router& router, const flow::House& house, Options options);

/// Errors of the pipeline (404, 405, 421, 503 …) for programs: JSON with what is wrong in words.
http::Response error_response(const http::Request& request, int status);

}  // namespace connector
