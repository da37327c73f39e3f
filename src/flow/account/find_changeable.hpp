// The checks before every change of an account by another one: the permission, a fresh proof, and whether the actor may
// change the account. Two kinds of actors may: an administrator, and the holder of the main account of a sub account
// (S2.4), who needs no permission and reaches nobody else.
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

/// The same for what the holder of a main account may do as well: then without the permission. Errors: denied.
base::Result<void> demand_changer(const House& house, const rights::Actor& actor, rights::Permission permission,
                                  base::Time now);

/// Finds the account (login, e-mail, phone or id) inside the transaction that changes it. `permission`: what an
/// administrator needs for it. Errors: denied (the actor's own account, which is changed on the account pages, or an
/// account with more rights), not_found (also of another tenant, and for the holder of a main account whatever is no
/// sub account of it).
base::Result<identity::Account> find_changeable(store::Tx& tx, const rights::Actor& actor, std::string_view named,
                                                base::Time now,
                                                rights::Permission permission = rights::Permission::manage_accounts);
/// The same for a page that only shows the account: also the own one and one with more rights. Errors: not_found.
base::Result<identity::Account> find_visible(store::Tx& tx, const rights::Actor& actor, std::string_view named,
                                             base::Time now, rights::Permission permission);
/// Whether the actor does it as the holder of a main account, without the permission.
bool acts_as_main(const rights::Actor& actor, rights::Permission permission);

}  // namespace flow
