// A person deletes the own account (S4.17). Nobody can restore it.
//
//   active ──delete_own_account──> deleted   (a tombstone: id, tenant, kind; its audit events keep ids only)
//
// One transaction changes the status, ends sessions, grants and tokens, queues the notice, erases all personal data and
// writes the audit events. The notice keeps the address in the outbox until it is delivered, or for a day.
#pragma once

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

/// Errors: denied (no fresh proof), conflict (the last super administrator, or no longer active).
base::Result<void> delete_own_account(const House& house, const rights::Actor& actor, const RequestFacts& facts);

}  // namespace flow
