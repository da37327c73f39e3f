// The parts of a certificate by which CMS names and uses it, cut out of its octets without decoding the rest.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace crypto::cms {

/// Views into the certificate's octets.
struct CertificateParts {
  base::BytesView issuer;   // Name, whole element
  base::BytesView serial;   // content octets of the INTEGER
  base::BytesView subject;  // Name, whole element
  base::BytesView spki;     // SubjectPublicKeyInfo, whole element
  base::BytesView key_id;   // subjectKeyIdentifier; "" = none
  /// extendedKeyUsage; "" = none: the SEQUENCE, and whether the extension is critical.
  base::BytesView extended_use;
  bool is_extended_use_critical = false;
};
/// Errors: invalid_input (not one certificate, DER).
base::Result<CertificateParts> read_certificate_parts(base::BytesView der);

}  // namespace crypto::cms
