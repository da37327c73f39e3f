// What a validation of signatures asks of a certificate beyond its path: key, algorithms, uses, and where its issuer
// tells of revocations (RFC 5280 §4.2).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace crypto {

struct CertificateDetails {
  std::string subject;       // RFC 4514, UTF-8
  std::string common_name;   // "" = none, or more than one
  std::string organisation;  // the same
  std::string issuer;
  std::string serial;       // lower-case hexadecimal
  std::string fingerprint;  // SHA-256 of the DER, the same
  base::Time not_before;
  base::Time not_after;

  std::string key_family;  // "rsa", "ecc", "eddsa"; "?" = another one
  int key_bits = 0;
  std::optional<SignatureAlgorithm> signed_by;  // nullopt: one that this program does not know
  std::string signed_by_name;                   // OpenSSL's name of it

  bool has_key_usage = false;
  std::vector<std::string> key_usages;  // of "digitalSignature", "nonRepudiation", "keyCertSign"
  /// Its extended key usage names servers, code, time stamps or OCSP answers and nothing else: it is for no document
  /// (RFC 5280 §4.2.1.12).
  bool is_for_other_uses = false;
  std::vector<std::string> list_urls;  // CRL distribution points, http and https
  std::vector<std::string> ocsp_urls;  // authority information access
  /// It needs no answer about revocation: a responder's id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1), noRevAvail (RFC
  /// 9608), or a validity-assured short-term certificate (EN 319 412-1 §5.2).
  bool needs_no_revocation = false;
};
/// Errors: invalid_input (not exactly one certificate in DER, times that cannot be read).
base::Result<CertificateDetails> read_details(base::BytesView der);

}  // namespace crypto
