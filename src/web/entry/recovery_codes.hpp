// The recovery codes that were made a moment ago, for the one page that shows them.
#pragma once

#include <string>
#include <vector>

#include "base/secret.hpp"
#include "identity/account/account.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

/// With the file to keep them in. `go_to`: the page that follows.
void add_recovery_codes(View& view, const Visit& visit, const identity::Account& account,
                        const std::vector<base::Secret>& codes, std::string go_to);

}  // namespace web
