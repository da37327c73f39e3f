// An administrator ends a lockout.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

/// `account`: login, e-mail or id. Errors: those of find_changeable.
base::Result<void> unlock_account(const House& house, const rights::Actor& actor, std::string_view account,
                                  const RequestFacts& facts);

}  // namespace flow
