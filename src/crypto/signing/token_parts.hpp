// Public keys and certificates as Cryptoki takes them apart (PKCS#11 v3.0 §2.1.3, §2.3.3, §4.6.3).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace crypto {

/// SubjectPublicKeyInfo of a key on a curve. `parameters`: DER of CKA_EC_PARAMS; `point`: CKA_EC_POINT, the DER of an
/// OCTET STRING or, as some tokens have it, the point itself. Errors: invalid_input (not a point of a named curve).
base::Result<base::Bytes> join_ec_public_key(base::BytesView parameters, base::BytesView point);
/// SubjectPublicKeyInfo of an RSA key from CKA_MODULUS and CKA_PUBLIC_EXPONENT, big-endian. Errors: invalid_input.
base::Result<base::Bytes> join_rsa_public_key(base::BytesView modulus, base::BytesView exponent);

/// All DER.
struct CertificateParts {
  base::Bytes public_key;  // SubjectPublicKeyInfo
  base::Bytes subject;
  base::Bytes issuer;
  base::Bytes serial;
  bool may_sign = false;  // keyUsage is not there, or has digitalSignature or nonRepudiation
};
/// `der`: one certificate. Errors: invalid_input.
base::Result<CertificateParts> split_certificate(base::BytesView der);

}  // namespace crypto
