// Ends a session: the session itself, its grants, and the sessions of the relying parties by back-channel logout
// (outbox).
#pragma once

#include "audit/value.hpp"
#include "base/time.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/session/find_visitor.hpp"
#include "rights/session.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// `why`: of audit::why. A session that has ended already is not an error.
base::Result<void> logout(const House& house, const Visitor& visitor, audit::Code why, const RequestFacts& facts);

struct SessionEnd {
  audit::Code event;  // audit::type::logout or session_end
  audit::Code why;    // of audit::why
};
/// Inside a transaction: ends one session, revokes its grants, writes the logout messages and the audit event.
base::Result<void> end_session(store::Tx& tx, const rights::Session& session, const base::Id& tenant_id,
                               const SessionEnd& end, const RequestFacts& facts);

/// The same for a session whose account the caller has not read.
base::Result<void> end_unknown_session(store::Tx& tx, const rights::Session& session, const SessionEnd& end,
                                       const RequestFacts& facts);

/// The same for all sessions of an account except `spared`; nullptr = no exception. `why`: of audit::why. Gives how
/// many.
base::Result<std::size_t> end_all_sessions(store::Tx& tx, const identity::Account& account, const base::Id* spared,
                                           audit::Code why, const RequestFacts& facts);

/// Ends up to `most` expired sessions; for the housekeeping thread. Gives their number.
base::Result<std::size_t> end_over_sessions(const House& house, std::size_t most, base::Time now);

}  // namespace flow
