// The choice of the organisation that an administrator works in, on pages of several: the values of
// page/_tenant_choice.html.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

/// `chosen`: key of a tenant as it was sent, "" = the own one. `none`: the key of the words for the choice of no tenant
/// ("all"), which only those have who administer all; "" = one is always chosen. With it the choice
/// has those too that were deleted, whose rows stay readable. Whoever reaches one tenant has no
/// choice, and the page shows none.
base::Result<void> add_tenant_choice(View& view, const Visit& visit, const std::string& chosen,
                                     std::string_view none = {});

}  // namespace web
