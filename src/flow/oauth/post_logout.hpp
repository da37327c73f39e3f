// The address that follows a logout, while the person is asked first (RP-Initiated Logout §3). It is sealed, so that
// the page can only lead to an address that was checked. Nothing is stored.
#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"
#include "flow/house/house.hpp"

namespace flow {

/// Gives base64url. `location`: a registered post_logout_redirect_uri with its state, or a local path.
std::string seal_post_logout(const House& house, std::string_view location, base::Time now);

/// The location. Errors: invalid_input (not sealed here), expired (older than AttemptSettings::lasts).
base::Result<std::string> open_post_logout(const House& house, std::string_view sealed, base::Time now);

}  // namespace flow
