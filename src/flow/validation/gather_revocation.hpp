// What a validation lacks about revocation, from the cache and, unless it is offline, from the addresses in
// certificates whose path ends at an anchor (fetch_wanted.hpp). What came is kept for others.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/validation/validation_settings.hpp"
#include "signature/validation/material.hpp"

namespace flow {

inline constexpr int most_rounds_of_gathering = 3;  // of one validation: an answer can ask for another one

struct RevocationQuestion {
  const std::vector<signature::WantedRevocation>& wanted;
  bool is_first = true;  // of this validation: then the cache counts
  base::Time now;
};
/// Adds what there is to `material`. It may wait for other servers, so it is never called inside a transaction. Errors:
/// unavailable.
base::Result<void> gather_revocation(const House& house, const ValidationPolicy& policy,
                                     const RevocationQuestion& question, signature::Material& material);

}  // namespace flow
