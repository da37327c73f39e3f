// The form of the names that administrators give to things: tenants, contexts, roles, groups.
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace flow {

/// 1 to 100 characters in one line, not only blanks. Errors: invalid_input, which begins with `what` ("name").
base::Result<void> check_title(std::string_view what, std::string_view title);

}  // namespace flow
