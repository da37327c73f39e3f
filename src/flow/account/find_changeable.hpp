// The checks before every change of an account by another one: the permission, a fresh proof, and whether the actor may
// change the account.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "identity/account/account.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// The permission manage_accounts and a fresh proof (prove_again). Errors: denied.
base::Result<void> demand_account_manager(const House& house, const rights::Actor& actor, base::Time now);

/// The same with the permission support_accounts. Errors: denied.
base::Result<void> demand_account_supporter(const House& house, const rights::Actor& actor, base::Time now);

/// Finds the account (login, e-mail, phone or id) inside the transaction that changes it. Errors: denied (the actor's
/// own account, which is changed on the account pages, or an account with more rights), not_found (also of another
/// tenant).
base::Result<identity::Account> find_changeable(store::Tx& tx, const rights::Actor& actor, std::string_view named,
                                                base::Time now);

/// The actor's account; nullopt: the operator of the command line.
std::optional<base::Id> id_of(const rights::Actor& actor);

}  // namespace flow
