// How XML signatures name a certificate beside its digest: by its issuer and serial number, as DER (IssuerSerialV2,
// EN 319 132-1 §5.2.2) or as text (ds:X509IssuerSerial).
#pragma once

#include <string_view>

#include "base/bytes.hpp"
#include "crypto/cms/certificate_parts.hpp"

namespace signature {

/// IssuerSerial (RFC 5035 §5), DER.
base::Bytes make_issuer_serial(const crypto::cms::CertificateParts& parts);
/// Whether an IssuerSerial names that certificate.
bool is_issuer_serial_of(base::BytesView issuer_serial, const crypto::cms::CertificateParts& parts);

/// Whether a decimal number is that of the certificate. `serial`: content octets of the INTEGER.
bool is_serial(std::string_view decimal, base::BytesView serial);
/// Whether a name in text (RFC 2253, RFC 4514) has the values of a Name (DER), in any order and by any spelling of the
/// types, of letters and of spaces: programs write the same name in many ways.
bool is_name(std::string_view text, base::BytesView name);

}  // namespace signature
