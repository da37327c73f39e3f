// Main accounts (S2.4) may have sub accounts. They are contract partners, so an administrator decides which they are.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

/// Nothing is recorded if it is a main account already. Errors: denied, not_found, conflict (a sub account, not an
/// employee's account, or not active).
base::Result<void> appoint_main_account(const House& house, const rights::Actor& actor, std::string_view account,
                                        const RequestFacts& facts);
/// Errors: denied, not_found, conflict (it has sub accounts).
base::Result<void> dismiss_main_account(const House& house, const rights::Actor& actor, std::string_view account,
                                        const RequestFacts& facts);

}  // namespace flow
