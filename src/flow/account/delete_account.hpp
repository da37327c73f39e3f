// A person deletes the own account, or an administrator another one (S4.17, S4.25). Nobody can restore it.
//
//   active ──delete_own_account──> deleted <──delete_account── every other state   (a tombstone: id, tenant, kind; its
//   audit events keep ids only)
//
// One transaction changes the status, ends sessions, grants and tokens, queues the notice, erases all personal data and
// writes the audit events. The notice keeps the address in the outbox until it is delivered, or for a day.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

/// Errors: denied (no fresh proof), conflict (the last super administrator, or no longer active).
base::Result<void> delete_own_account(const House& house, const rights::Actor& actor, const RequestFacts& facts);

/// `account`: login, e-mail or id. Nothing is recorded if it is deleted already. Errors: those of find_changeable,
/// denied (no fresh proof), conflict (the last super administrator).
base::Result<void> delete_account(const House& house, const rights::Actor& actor, std::string_view account,
                                  const RequestFacts& facts);

}  // namespace flow
