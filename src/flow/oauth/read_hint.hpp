// An ID token that a client sends as a hint (OIDC Core §3.1.2.1, RP-Initiated Logout §2). It must be issued and signed
// by this server. It may have expired, because it only names the person and proves nothing.
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
