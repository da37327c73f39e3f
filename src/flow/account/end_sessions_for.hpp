// An administrator sees and ends the sessions of an account, one or all (ASVS 5.0 7.4.5).
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/session/open_sessions.hpp"
#include "rights/actor.hpp"
#include "rights/session.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// The sessions that are open, the oldest first. `account`: login, e-mail or id.
/// Errors: denied (no permission manage_accounts), not_found.
base::Result<std::vector<rights::Session>> list_sessions_for(const House& house, const rights::Actor& actor,
                                                             std::string_view account, base::Time now);

/// A page of them, with their devices. Errors: denied (no permission manage_accounts), not_found, invalid_input (no
/// such page).
base::Result<OpenSessions> page_sessions_for(const House& house, const rights::Actor& actor, std::string_view account,
                                             const SessionsWish& wish, base::Time now);

/// Ends one session with its grants and by back-channel logout. Errors: those of find_changeable, denied (no fresh
/// proof), not_found (no session of this account).
base::Result<void> end_session_for(const House& house, const rights::Actor& actor, std::string_view account,
                                   const base::Id& session_id, const RequestFacts& facts);

/// Ends all sessions and revokes all grants of the account. Errors: those of find_changeable, denied (no fresh proof).
base::Result<void> end_sessions_for(const House& house, const rights::Actor& actor, std::string_view account,
                                    const RequestFacts& facts);
/// The same inside a transaction of write_for, for an actor whose permission and proof were judged. True.
base::Result<bool> end_sessions_in(store::Tx& tx, const rights::Actor& actor, std::string_view account,
                                   const RequestFacts& facts);

}  // namespace flow
