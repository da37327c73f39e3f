// What decides whether a certificate of others is strong enough and of the right sort: its key, its digest, whether it
// is an authority's. Sources: BSI TR-02102-1 §3 and §5.3, RFC 5280 §4.2.1.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace crypto {

struct CertificateTraits {
  std::string algorithm;  // "RSA 2048", "ECC P-256", "ECC brainpoolP256r1"; "?" = another sort of key
  bool is_weak_key = false;
  bool is_weak_digest = false;  // MD5, SHA-1 and unknown ones
  bool is_authority = false;    // basicConstraints or keyUsage say so
};
/// `der`: of one certificate (parse_certificate). Errors: invalid_input.
base::Result<CertificateTraits> read_traits(base::BytesView der);

/// Whether the octets hold a private key in PEM or PKCS#8, or are a PKCS#12 file, which may hold one.
bool holds_private_key(base::BytesView octets);
/// How many certificates the octets hold in PEM; 0 = none, and 1 for DER.
std::size_t count_certificates(base::BytesView octets);

}  // namespace crypto
