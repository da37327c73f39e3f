// Sessions, and the clients that a session has logged in to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rights/may_issue.hpp"
#include "rights/session.hpp"
#include "store/engine/store.hpp"

namespace store {

/// Errors: internal (a clearance for another session).
base::Result<void> insert_session(Tx& tx, const rights::Session& session, const rights::Clearance& clearance);
base::Result<std::optional<rights::Session>> find_session(Tx& tx, const base::Id& id);
/// Gives the session a new id, secret and context, because its rights change (session fixation). Its grants, clients
/// and bulk acts move with it. Errors: not_found, internal (a clearance for another session).
base::Result<void> replace_session(Tx& tx, const base::Id& old_id, const rights::Session& session,
                                   const rights::Clearance& clearance);
base::Result<void> touch_session(Tx& tx, const base::Id& id, base::Time last_seen, base::Time idle_until);
/// The session acts for nobody else any more. Gives whether it did.
base::Result<bool> stop_acting(Tx& tx, const base::Id& id);
/// The person has proven again who they are. Errors: not_found.
base::Result<void> set_proven(Tx& tx, const base::Id& id, base::Time at);
base::Result<void> delete_session(Tx& tx, const base::Id& id);
base::Result<std::vector<rights::Session>> list_sessions(Tx& tx, const base::Id& account_id);
/// Those behind the `kept` that were used last, at most `most`.
base::Result<std::vector<rights::Session>> list_surplus_sessions(Tx& tx, const base::Id& account_id, std::size_t kept,
                                                                 std::size_t most);

/// The sessions of an account that are not over and have its security stamp.
struct LiveSessions {
  base::Id account_id;
  std::int64_t security_stamp = 0;
  base::Time now;
};
struct SessionPlace {
  base::Time last_seen;
  base::Id id;
};
struct SessionLook {
  LiveSessions of;
  base::Id besides{};                   // a session that is left out; none = all are seen
  std::optional<SessionPlace> place{};  // the page behind it; nullopt = from the end
  bool longest_unused_first = false;
  std::size_t most = 25;
};
/// In the order of their last use.
base::Result<std::vector<rights::Session>> look_at_sessions(Tx& tx, const SessionLook& look);
/// At most `most`.
base::Result<std::int64_t> count_sessions(Tx& tx, const LiveSessions& of, std::int64_t most);
/// The devices in which such a session is open, in no order.
base::Result<std::vector<base::Id>> list_devices_in_use(Tx& tx, const LiveSessions& of);

/// Sessions whose idle or absolute time is over, or whose stamp is not the account's; for the sweeper.
base::Result<std::vector<rights::Session>> list_ended_sessions(Tx& tx, base::Time now, std::size_t most);

struct SessionClient {
  base::Id session_id;
  base::Id client_id;  // client.id
  std::string sid;     // claim `sid` towards this client
};
/// Adds the client to the session or gives the sid that is there already.
base::Result<std::string> join_session(Tx& tx, const SessionClient& wished);
base::Result<std::vector<SessionClient>> list_session_clients(Tx& tx, const base::Id& session_id);
/// Session of a (client, sid) pair, for id_token_hint at logout.
base::Result<std::optional<base::Id>> find_session_by_sid(Tx& tx, const base::Id& client_id, std::string_view sid);

}  // namespace store
