// EN 319 102-1 clause 5.6.2.2, "Validation time sliding": the latest time at which a path can be shown to have been
// good.
//
//   present ─> down the path from the anchor ─> at each certificate to the time of
//              its revocation · of its end · of the answer, if that is too old · until which its algorithms counted
#pragma once

#include <optional>
#include <vector>

#include "signature/validation/validation_run.hpp"

namespace signature {

/// nullopt: no time can be shown: no answer about revocation, algorithms that never counted. An answer that is older
/// than the control time still counts for the time `existed` if it is fresh for it by the policy.
std::optional<base::Time> slide_validation_time(const ValidationRun& run, const std::vector<base::Bytes>& path,
                                                base::Time existed);

}  // namespace signature
