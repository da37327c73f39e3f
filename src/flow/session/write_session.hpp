// The only function that writes a session, a new one or one under a new id. may_issue judges its proofs first. A new
// one ends those whose last use is the longest ago if the account has very many, because a right password is not
// limited.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/account/account.hpp"
#include "rights/context.hpp"
#include "rights/session.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// When the session ends if nobody clicks any more: after the idle time of the page that was asked for.
base::Time find_idle_end(const House& house, const rights::Session& session, const RequestFacts& facts);

struct SessionToWrite {
  const rights::Session& session;
  const identity::Account& account;       // as read in this transaction
  const rights::ActingContext* context;   // nullptr: none is chosen
  std::optional<base::Id> replaces = {};  // the session that is replaced; its grants and clients move to the new one
};

/// Errors: denied (the reason names the refusal of may_issue), not_found (`replaces` has ended).
base::Result<void> write_session(store::Tx& tx, const SessionToWrite& wished, const RequestFacts& facts);

}  // namespace flow
