// An ID token that comes back to us as a hint (OIDC Core §3.1.2.1, RP-Initiated Logout §2): signed by one of our keys
// and issued here. It may have expired: it says who was meant, it proves nothing.
#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"
#include "flow/house/house.hpp"

namespace flow {

struct IdTokenHint {
  std::string subject;
  std::string client_id;  // its audience
  std::string sid;        // "" = none
};

/// Errors: invalid_input.
base::Result<IdTokenHint> read_hint(const House& house, std::string_view token, base::Time now);

}  // namespace flow
