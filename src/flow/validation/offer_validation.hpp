// Whether a visitor may verify documents (S4.21, S1.10): an organisation's people where the feature "validation" is on,
// everybody where the installation has "public_validation" on.
#pragma once

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "rights/actor.hpp"

namespace flow {

/// `actor`: nullptr = nobody has logged in. Errors: unavailable.
base::Result<bool> offers_validation(const House& house, const rights::Actor* actor);

}  // namespace flow
