// Requests for certificates, PKCS#10 (RFC 2986): what programs send to be certified.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/certificate/key_pair.hpp"

namespace crypto {

inline constexpr std::size_t largest_request = std::size_t{32} * 1024;

struct CertificateRequest {
  base::Bytes public_key;   // SubjectPublicKeyInfo, DER
  std::string algorithm;    // of the key: "ECC P-256"
  std::string subject;      // RFC 4514, UTF-8
  std::string common_name;  // the only one; "" = none, or more than one
  std::vector<std::string> dns_names;
  std::vector<std::string> ip_addresses;  // canonical text
};
/// DER, PEM, or the DER in base64 with white space (RFC 7030 §4.2.1, RFC 8951 §3.1). The signature by the requested key
/// must be right (proof of possession). Errors: invalid_input (too large, unreadable, octets behind it, signature wrong
/// or by a weak digest, weak key, too many names); the reason says which.
base::Result<CertificateRequest> read_certificate_request(base::BytesView octets);

/// For a request of our own: DER. Errors: invalid_input (a name that cannot stand in a certificate).
base::Result<base::Bytes> make_certificate_request(const KeyPair& key, std::string_view common_name,
                                                   const std::vector<std::string>& dns_names = {});

}  // namespace crypto
