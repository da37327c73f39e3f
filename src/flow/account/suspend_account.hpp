// An administrator suspends an account or lifts the suspension (S4.16).
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// Every session and token ends at once, also by back-channel logout. `account`: login, e-mail or id.
/// Errors: those of find_changeable; conflict (deleted, or the last super administrator).
base::Result<void> suspend_account(const House& house, const rights::Actor& actor, std::string_view account,
                                   const RequestFacts& facts);
/// Lifts a suspension by an administrator or by the person, who gets a message. Errors: those of find_changeable;
/// conflict (a deleted account is never restored, and an invited one is not suspended).
base::Result<void> restore_account(const House& house, const rights::Actor& actor, std::string_view account,
                                   const RequestFacts& facts);

/// The same inside a transaction of write_for, for an actor whose permission and proof were judged. False: it is so
/// already, and nothing is recorded.
base::Result<bool> suspend_in(const House& house, store::Tx& tx, const rights::Actor& actor, std::string_view account,
                              const RequestFacts& facts);
base::Result<bool> restore_in(const House& house, store::Tx& tx, const rights::Actor& actor, std::string_view account,
                              const RequestFacts& facts);

}  // namespace flow
