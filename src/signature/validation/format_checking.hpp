// EN 319 102-1 clause 5.2.2, "Format Checking": whether it is a signature of its form at all.
#pragma once

#include "signature/form/signature_view.hpp"
#include "signature/report/report.hpp"

namespace signature {

/// Passed, or TOTAL-FAILED with FORMAT_FAILURE; the reason is the flaw that the reader of the form found.
Verdict check_format(const SignatureView& view);

}  // namespace signature
