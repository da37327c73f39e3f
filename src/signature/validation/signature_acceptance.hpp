// EN 319 102-1 clause 5.2.8, "Signature acceptance validation": the constraints of the policy on elements of the
// signature and on its algorithms.
#pragma once

#include "signature/form/signature_view.hpp"
#include "signature/validation/validation_run.hpp"

namespace signature {

/// The worst of all digests, of the scheme and of the signer's key, at the time.
AlgorithmJudgement judge_signature_algorithms(const SignatureView& view, const ValidationPolicy& policy, base::Time at);

/// Passed, or INDETERMINATE: SIG_CONSTRAINTS_FAILURE (no reference to the certificate, a property that must be
/// understood and is not), CRYPTO_CONSTRAINTS_FAILURE, CRYPTO_CONSTRAINTS_FAILURE_NO_POE.
Verdict accept_signature(const SignatureView& view, const ValidationPolicy& policy, base::Time at);

}  // namespace signature
