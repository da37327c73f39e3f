// What the building blocks of one validation share: constraints, times, the certificates and the answers at hand, and
// the list of what is wanted. Chosen in the block "validation context initialization".
#pragma once

#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/signing/certificate_details.hpp"
#include "signature/policy/validation_policy.hpp"
#include "signature/report/report.hpp"
#include "signature/validation/material.hpp"

namespace signature {

/// Clocks differ: an answer may be so much younger than the present.
inline constexpr base::Duration clocks_differ = std::chrono::minutes(5);

struct ValidationRun {
  const ValidationPolicy& policy;
  const Material& material;
  Moment moment;
  // At hand: what the document has in it, then what was given.
  std::vector<base::Bytes> certificates;
  std::vector<RevocationSource> revocation;
  std::vector<WantedRevocation> wanted;  // filled by the blocks
};

/// The details, parsed once. nullptr: not readable.
std::shared_ptr<const crypto::CertificateDetails> find_details(base::BytesView der);

/// Constraints on one algorithm (clause 5.1.4.3) as a verdict: CRYPTO_CONSTRAINTS_FAILURE for one that has never
/// counted, …_NO_POE for one that has ended.
Verdict judge_algorithm(const AlgorithmJudgement& judgement);
/// The key and the signature of a certificate, at the time.
AlgorithmJudgement judge_certificate_key(const ValidationPolicy& policy, const crypto::CertificateDetails& details,
                                         base::Time at);
AlgorithmJudgement judge_certificate_signature(const ValidationPolicy& policy,
                                               const crypto::CertificateDetails& details, base::Time at);

}  // namespace signature
