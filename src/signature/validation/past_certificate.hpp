// EN 319 102-1 clause 5.6.2.1, "Past certificate validation": until when a certificate that is not good now can be
// shown to have been good.
#pragma once

#include <optional>

#include "signature/validation/x509_chain.hpp"

namespace signature {

/// The control time of validation time sliding over a path that was valid at `existed`. nullopt: it cannot be shown.
std::optional<base::Time> validate_past_certificate(const ValidationRun& run, base::BytesView leaf,
                                                    ChainPurpose purpose, base::Time existed);

}  // namespace signature
