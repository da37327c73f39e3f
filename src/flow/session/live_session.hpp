// Which sessions are alive, decided in one place: neither their idle nor their absolute time is over, they have the
// security stamp of their account, and the account may log in.
#pragma once

#include <optional>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "identity/account/account.hpp"
#include "rights/session.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// The account of a session that is alive, as it is now. nullopt: the session is over, or the account may not log in.
base::Result<std::optional<identity::Account>> find_holder(store::Tx& tx, const rights::Session& session,
                                                           base::Time now);
/// The sessions of the account that are not over and have its security stamp.
base::Result<std::vector<rights::Session>> list_live_sessions(store::Tx& tx, const identity::Account& account,
                                                              base::Time now);
/// A session of the account, also one whose time is over. Errors: not_found (none, or of another account).
base::Result<rights::Session> find_session_of(store::Tx& tx, const base::Id& account_id, const base::Id& session_id);

}  // namespace flow
