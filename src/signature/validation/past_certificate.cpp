#include "signature/validation/past_certificate.hpp"

#include "signature/validation/time_sliding.hpp"

namespace signature {

std::optional<base::Time> validate_past_certificate(const ValidationRun& run, base::BytesView leaf,
                                                    ChainPurpose purpose, base::Time existed) {
  const crypto::PathJudgement path = find_path(run, leaf, purpose, existed);
  if (!path.is_good()) return std::nullopt;
  return slide_validation_time(run, path.path, existed);
}

}  // namespace signature
