// The actor of a session, for work that a person has begun and that the server does in the background.
#pragma once

#include <optional>

#include "base/id.hpp"
#include "base/result.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// The same checks as for a request of the session, without its cookie and as from the network of its login: nullopt if
/// the session is over, the account may not log in, or the context was taken away. `session_id`: of a session that a
/// request has proved.
base::Result<std::optional<rights::Actor>> find_actor(store::Tx& tx, const base::Id& session_id,
                                                      const RequestFacts& facts);

}  // namespace flow
