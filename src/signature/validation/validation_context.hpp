// EN 319 102-1 clause 5.2.4, "Validation context initialization": the constraints that apply, and the material at hand.
#pragma once

#include "signature/form/signature_view.hpp"
#include "signature/validation/validation_run.hpp"

namespace signature {

/// The run for this signature: what it has in it comes before what was given.
ValidationRun begin_run(const SignatureView& view, const Material& material, const ValidationPolicy& policy,
                        Moment moment);

/// Passed, or INDETERMINATE: SIGNATURE_POLICY_NOT_AVAILABLE (the signature names a policy of the signer that ours does
/// not know), POLICY_PROCESSING_ERROR (it names it with another digest).
Verdict check_signature_policy(const SignatureView& view, const ValidationPolicy& policy);

}  // namespace signature
