// EN 319 102-1 clause 5.2.6, "X.509 certificate validation": a path to an anchor, the times and the revocation of each
// certificate on it, then the constraints of the policy on uses, length and algorithms.
#pragma once

#include <optional>
#include <vector>

#include "crypto/certificate/verify_chain.hpp"
#include "signature/validation/validation_run.hpp"

namespace signature {

enum class ChainPurpose : std::uint8_t {
  signature,
  time_stamp,
};

struct ChainFinding {
  /// Passed, or INDETERMINATE: NO_CERTIFICATE_CHAIN_FOUND(_NO_POE), CERTIFICATE_CHAIN_GENERAL_FAILURE,
  /// CHAIN_CONSTRAINTS_FAILURE, REVOKED_NO_POE, REVOKED_CA_NO_POE, OUT_OF_BOUNDS_NOT_REVOKED, OUT_OF_BOUNDS_NO_POE,
  /// REVOCATION_OUT_OF_BOUNDS_NO_POE, TRY_LATER, CRYPTO_CONSTRAINTS_FAILURE(_NO_POE).
  Verdict verdict;
  std::vector<base::Bytes> path;       // from the leaf to the anchor; empty = none was found
  std::vector<CertificateNote> notes;  // the same, with what is known; at least the leaf
  std::optional<base::Time> revoked_at;
};
/// The path of the certificate, judged for the time. Adds to `run.wanted` what would say more about revocation.
ChainFinding validate_chain(ValidationRun& run, base::BytesView leaf, ChainPurpose purpose, base::Time at);

/// The path alone, apart from any clock; `flaw` none = found. Of several paths one that is valid at the time is taken.
crypto::PathJudgement find_path(const ValidationRun& run, base::BytesView leaf, ChainPurpose purpose, base::Time at);

}  // namespace signature
