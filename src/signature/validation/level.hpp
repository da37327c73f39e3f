// How far the level of the baseline holds (EN 319 122-1 and EN 319 132-1, clause 6): a part that proves nothing makes
// no level. This is no block of EN 319 102-1, which asks for no level.
#pragma once

#include "signature/form/signature_view.hpp"
#include "signature/validation/basic_signature.hpp"
#include "signature/validation/timestamp_validation.hpp"

namespace signature {

/// Sets `level`, and what it is short of, if its parts are made for more. T needs a time stamp over the signature that
/// counts, LT the answers about each certificate as well, LTA one for the archive that counts.
void judge_level(const SignatureView& view, const BasicFinding& basic, const TimestampFindings& stamps,
                 SignatureReport& report);

}  // namespace signature
