// The fields of an X.509 certificate (RFC 5280) that are shown to a person, from DER or PEM. Neither chain nor
// revocation is checked.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace crypto {

inline constexpr std::size_t largest_certificate = std::size_t{64} * 1024;

struct CertificateFacts {
  base::Bytes der;
  std::string subject;  // RFC 4514, UTF-8
  std::string issuer;
  std::string serial;  // lower-case hexadecimal
  base::Time not_before;
  base::Time not_after;
  std::string fingerprint;  // SHA-256 of the DER, lower-case hexadecimal
};

/// Exactly one certificate. In PEM, text around it is ignored, and blocks of other types are refused.
/// Errors: invalid_input (larger than largest_certificate, not a certificate, several, octets behind it).
base::Result<CertificateFacts> parse_certificate(base::BytesView octets);

}  // namespace crypto
