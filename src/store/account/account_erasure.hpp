// The end of an account: its grants are revoked, and a deletion leaves an anonymous row (S4.17).
#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

/// Revokes also the grants of sessions that have ended.
base::Result<void> revoke_grants_of_account(Tx& tx, const base::Id& account_id, base::Time now);

/// Voids every unused one-time token of the account, whatever its purpose, and the codes sent to new addresses.
base::Result<void> void_all_tokens(Tx& tx, const base::Id& account_id, base::Time now);

/// Erases all that names, reaches or authenticates the person: identifiers, credentials, devices, counts, statistics,
/// contexts, and the names, unless another account of the same person needs them. The row with id, tenant, kind and
/// status stays. The sessions must have ended before. Errors: not_found.
base::Result<void> erase_account(Tx& tx, const base::Id& account_id);

}  // namespace store
