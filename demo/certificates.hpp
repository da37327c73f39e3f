// The demonstration's own certificate authority and a server certificate for localhost, made with OpenSSL. They are
// kept between starts, and replaced thirty days before they expire.
#pragma once

#include <string>

#include "base/result.hpp"

namespace demo {

struct Certificates {
  std::string authority_file;    // PEM: what a browser has to trust
  std::string certificate_file;  // PEM: server certificate, then the authority
  std::string key_file;          // PEM, mode 0600
};

/// Errors: unavailable (a file cannot be written).
base::Result<Certificates> prepare_certificates(const std::string& folder);

}  // namespace demo
