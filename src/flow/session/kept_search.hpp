// What a list was asked for, sealed for one session: the address of the page can hold it, so that one goes back and
// forth, and nobody reads from the address, a log or a history whom somebody searched for (ASVS 5.0 14.2.1).
#pragma once

#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/result.hpp"
#include "flow/house/house.hpp"

namespace flow {

/// `asked`: the fields as a form is encoded. Gives base64url.
std::string seal_search(const House& house, const base::Id& session_id, std::string_view asked);
/// Errors: invalid_input (of another session, or not sealed here).
base::Result<std::string> open_search(const House& house, const base::Id& session_id, std::string_view sealed);

}  // namespace flow
