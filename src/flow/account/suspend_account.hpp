// Suspension of an account by somebody else, and its end (S4.16).
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

/// Ends every session and token at once, with back-channel logout. `account`: login, e-mail or id.
/// Errors: those of find_changeable; conflict (deleted, or the last super administrator).
base::Result<void> suspend_account(const House& house, const rights::Actor& actor, std::string_view account,
                                   const RequestFacts& facts);
/// Ends a suspension by anybody; the person is told. Errors: those of find_changeable; conflict (a deleted account is
/// never restored).
base::Result<void> restore_account(const House& house, const rights::Actor& actor, std::string_view account,
                                   const RequestFacts& facts);

}  // namespace flow
