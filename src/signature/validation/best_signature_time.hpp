// EN 319 102-1 clause 5.5, "Validation process for Signatures with Time and Signatures with Long-Term Validation
// Material": what the time stamps say about a signature, good or bad.
#pragma once

#include <optional>
#include <vector>

#include "signature/form/signature_view.hpp"
#include "signature/validation/basic_signature.hpp"
#include "signature/validation/timestamp_validation.hpp"

namespace signature {

/// Clause 5.5.4 step 3: passed, or INDETERMINATE with TIMESTAMP_ORDER_FAILURE: of those that passed, one over the
/// content is later than one over the signature, or that later than one for the archive.
Verdict check_timestamp_order(const std::vector<TimestampNote>& notes);

/// The verdict with the time stamps: `basic` at the time of the validation, then at the best signature time. A content
/// time stamp after the revocation or the end of the certificate makes TOTAL-FAILED with REVOKED or EXPIRED (5.3.4), a
/// proof of existence before the certificate TOTAL-FAILED with NOT_YET_VALID.
Verdict validate_with_time(const ValidationRun& run, const SignatureView& view, const BasicFinding& basic,
                           const TimestampFindings& stamps);

}  // namespace signature
