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
  std::string list_file;  // DER: the authority's list of revoked certificates, which is empty; made at each start
};

/// `list_url`: where the list is served; it stands in the server's certificate. Errors: unavailable (a file cannot be
/// written).
base::Result<Certificates> prepare_certificates(const std::string& folder, const std::string& list_url);

/// Writes key, certificate and chain (`pem`: in this order) as PKCS#12 under the password, as browsers import them.
/// Errors: unavailable (`pem` cannot be read, or the file cannot be written).
base::Result<void> write_pkcs12(const std::string& file, const std::string& pem, const std::string& name,
                                const std::string& password);

}  // namespace demo
