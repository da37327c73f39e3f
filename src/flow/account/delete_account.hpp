// A person deletes the own account for ever (S4.17): nobody can bring it back.
//
//   active ──delete_own_account──> deleted   (a tombstone: id, tenant, kind; its audit events keep ids only)
//
// One transaction: status, sessions, grants, tokens, the notice (which keeps the address in the outbox until it is
// delivered or a day old), the erasure of everything personal, audit events.
#pragma once

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

/// Errors: denied (no fresh proof), conflict (the last super administrator, or no longer active).
base::Result<void> delete_own_account(const House& house, const rights::Actor& actor, const RequestFacts& facts);

}  // namespace flow
