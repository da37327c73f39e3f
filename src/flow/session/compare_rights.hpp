// Who has more rights than whom. "Nobody acts on someone with more rights" and "nobody gives what he does not have" are
// judged here, and nowhere else.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "rights/actor.hpp"
#include "rights/context.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// What the account may do in any of its contexts, also in those that begin later, without the permissions of the own
/// account. A main account has the rights of its sub accounts whose mails it receives (S2.5), because it could reset
/// their passwords.
base::Result<rights::Permissions> find_rights_of(store::Tx& tx, const base::Id& account_id, base::Time now);
/// Whether the account may do something that the actor's acting context does not allow, so that the actor may not
/// change it.
base::Result<bool> is_above(store::Tx& tx, const rights::Actor& actor, const base::Id& account_id, base::Time now);
/// The same for permissions that an actor has.
base::Result<bool> is_above(store::Tx& tx, rights::Permissions of_actor, const base::Id& account_id, base::Time now);
/// An actor gives no permission, and changes or takes nothing that gives one, that the actor's context does not allow.
/// Errors: denied.
base::Result<void> demand_rights(const rights::Actor& actor, rights::Permissions permissions);

}  // namespace flow
