// The language of the own account.
#pragma once

#include <string_view>

#include "flow/house/request_facts.hpp"
#include "flow/session/find_visitor.hpp"
#include "store/account/accounts.hpp"

namespace flow {

/// Errors: invalid_input (no such language).
base::Result<void> choose_language(const House& house, const rights::Actor& actor, std::string_view code,
                                   const RequestFacts& facts);

}  // namespace flow
