// Identifiers of algorithms in CMS (RFC 5754, RFC 5753, RFC 4056), and the verification that uses them with the
// parameters as they stand.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/cms/der.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace crypto::cms {

/// AlgorithmIdentifier, DER, without parameters (RFC 5754 §2).
base::Bytes make_identifier(DigestKind kind);
/// AlgorithmIdentifier, DER; for PSS with all four parameters (RFC 4055 §3.1).
base::Bytes make_identifier(SignatureAlgorithm algorithm);

struct DigestIdentifier {
  std::optional<DigestKind> kind;  // nullopt: not known here
  std::string name;                // "sha256", or the dotted identifier
};
/// Errors: invalid_input (broken, or with parameters other than NULL).
base::Result<DigestIdentifier> read_digest_identifier(base::BytesView identifier);

struct SignatureIdentifier {
  std::optional<SignatureAlgorithm> algorithm;  // nullopt: not known here
  std::string name;                             // "ecdsa-sha256", or the dotted identifier
  /// rsaEncryption says no digest: then it is that of the content (RFC 5754 §3.2).
  bool has_digest = true;
  int salt = -1;  // octets of the salt of PSS
};
/// `digest`: that of the content, for identifiers that say none.
/// Errors: invalid_input (broken; parameters that do not fit, PSS with another digest in MGF1 among them).
base::Result<SignatureIdentifier> read_signature_identifier(base::BytesView identifier,
                                                            const std::optional<DigestKind>& digest);

/// Whether `value` is a signature over octets of that digest by the key. `spki`: SubjectPublicKeyInfo, DER. ECDSA
/// values are DER. False also for a key of another sort, or a value that is not canonical.
bool verify_digest(base::BytesView spki, const SignatureIdentifier& identifier, base::BytesView digest,
                   base::BytesView value);

}  // namespace crypto::cms
