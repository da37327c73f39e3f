// An administrator starts a reset of the password of an account (S4.10).
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// Sends the same link by the same channel as if the person had asked for it. `account`: login, e-mail or id.
/// Errors: those of find_changeable; conflict (not active, or no channel that can be used); too_many (more than twenty
/// within an hour, of all administrators together).
base::Result<void> start_reset_for(const House& house, const rights::Actor& actor, std::string_view account,
                                   const RequestFacts& facts);
/// The same inside a transaction of write_for, for an actor whose permission and proof were judged. True.
base::Result<bool> start_reset_in(const House& house, store::Tx& tx, const rights::Actor& actor,
                                  std::string_view account, const RequestFacts& facts);

}  // namespace flow
