// EN 319 102-1 clause 5.2.3, "Identification of the signing certificate": the one that the signature's own signed
// reference names, never one that is only there.
#pragma once

#include "signature/form/signature_view.hpp"
#include "signature/report/report.hpp"

namespace signature {

/// Passed, or INDETERMINATE with NO_SIGNING_CERTIFICATE_FOUND: there is none, it cannot be read, or the reference names
/// another one. Whether there must be a reference is a constraint of the policy (clause 5.2.8).
Verdict identify_signing_certificate(const SignatureView& view);

}  // namespace signature
