// A person suspends the own account (S4.16). Only an administrator can lift it.
//
//   active ──suspend_self──> suspended_self ──restore_account (administrator)──> active
//
// One transaction changes the status and the security stamp, ends sessions, grants and one-time tokens, and writes the
// notice and the audit event.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

/// Whether the account may be suspended or deleted by its holder; that of the last super administrator may not.
base::Result<bool> may_leave(const House& house, const rights::Actor& actor, base::Time now);

/// Errors: denied (no fresh proof), conflict (the last super administrator, or no longer active).
base::Result<void> suspend_self(const House& house, const rights::Actor& actor, const RequestFacts& facts);

}  // namespace flow
