// Requests for certificates (PKCS#10, RFC 2986) of keys that sign documents, in two steps, so that the key may be on a
// token.
#pragma once

#include <functional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace crypto {

/// Of a natural person (ETSI EN 319 412-2 §4.2.4) or a legal one (EN 319 412-3 §4.2.1). UTF-8; "" = left out.
struct RequestSubject {
  std::string common_name;
  std::string given_name;
  std::string family_name;
  std::string organization;
  std::string serial_number;
  std::string country;  // two letters
};
/// Signs octets by a key: a SoftKey, or one on a token. DER for ECDSA.
using ValueMaker = std::function<base::Result<base::Bytes>(SignatureAlgorithm, base::BytesView)>;

/// DER. Errors: invalid_input (a name that cannot stand in a request, a key that cannot be read or that signs by PSS
/// only, a value that is not right), and those of `sign`.
base::Result<base::Bytes> make_signing_request(base::BytesView spki, const RequestSubject& subject,
                                               const ValueMaker& sign);

}  // namespace crypto
