// The common part of suspension, deletion and a new password by an administrator: all sessions, grants and tokens of
// the account end at once, here and at the relying parties (S4.16, S4.17, security rule 8).
#pragma once

#include <optional>
#include <string_view>

#include "audit/value.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/account/account.hpp"
#include "rights/actor.hpp"
#include "text/language.hpp"

namespace flow {

/// In the transaction of the cause: raises the security stamp, ends all sessions with back-channel logout, revokes
/// all grants. `why`: of audit::why.
base::Result<void> end_sessions_of(store::Tx& tx, const identity::Account& account, audit::Code why,
                                   const RequestFacts& facts);
/// The same; every one-time token is void, and the personal tokens of programs end.
base::Result<void> end_access_of(store::Tx& tx, const identity::Account& account, audit::Code why,
                                 const RequestFacts& facts);

/// Inside the transaction that suspends or deletes the account or takes the context away.
/// Errors: conflict (it is the last active super administrator).
base::Result<void> demand_other_super_administrator(store::Tx& tx, const base::Id& account_id, base::Time now);
/// Whether the account may choose a context of a super administrator.
base::Result<bool> is_super_administrator(store::Tx& tx, const base::Id& account_id, base::Time now);

struct Leaving {
  identity::AccountStatus status = identity::AccountStatus::suspended_self;  // of the account afterwards
  audit::Code event;                                                         // of audit::type
  audit::Code why;                                                           // of audit::why, for its sessions
};
/// What suspending and deleting the own account have in common, in their transaction: the account gets the status, the
/// event is recorded, everything ends. Gives the account as it was.
/// Errors: conflict (not active, or the last super administrator).
base::Result<identity::Account> leave(store::Tx& tx, const rights::Actor& actor, const Leaving& leaving,
                                      const RequestFacts& facts);

/// A notice with {time}.
struct Notice {
  std::string_view message;              // "suspended", "deleted", "unlocked", "password_changed", …
  std::optional<text::Language> page{};  // as in Recipient
  std::string_view way_in{};             // as in Message
  std::string by{};                      // {person}: who did it
};
/// Sends the notice on the preferred channel. An account without an address gets none.
base::Result<void> notify_person(const House& house, store::Tx& tx, const identity::Account& account,
                                 const Notice& notice, base::Time now);

}  // namespace flow
