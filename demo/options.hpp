// The options of chancery-demo, and the ports and addresses that follow from them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace demo {

struct Options {
  std::string data = "var/demo";   // kept between starts
  std::uint16_t port_base = 8000;  // "N"
  std::string chancery;            // the server's program; "" = find_server_program searches it
  bool https = false;              // the issuer is the listener with TLS
  bool direct_reset = false;       // reset.form = "direct" instead of the manual's form
  bool help = false;

  [[nodiscard]] std::uint16_t port(int offset) const { return static_cast<std::uint16_t>(port_base + offset); }
  [[nodiscard]] std::uint16_t http_port() const { return port(80); }
  [[nodiscard]] std::uint16_t https_port() const { return port(443); }
  [[nodiscard]] std::uint16_t certificate_port() const { return port(944); }  // asks for a client certificate
  [[nodiscard]] std::uint16_t connector_port() const { return port(943); }    // TLS
  [[nodiscard]] std::uint16_t connector_plain_port() const { return port(81); }
  [[nodiscard]] std::uint16_t portal_port() const { return port(90); }
  [[nodiscard]] std::uint16_t laboratory_port() const { return port(91); }
  [[nodiscard]] std::uint16_t metrics_port() const { return port(95); }
  [[nodiscard]] std::uint16_t mail_port() const { return port(25); }
  [[nodiscard]] std::uint16_t phone_port() const { return port(26); }
  [[nodiscard]] std::vector<std::uint16_t> ports() const;

  [[nodiscard]] std::string issuer() const;      // "http://localhost:8080", with --https "https://localhost:8443"
  [[nodiscard]] std::string portal() const;      // origin
  [[nodiscard]] std::string laboratory() const;  // origin
};

/// Errors: invalid_input, with a sentence for the person.
base::Result<Options> parse_options(const std::vector<std::string>& arguments);
std::string usage();

}  // namespace demo
