// Finds the account that an administrator names.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "identity/account/account.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// `named`: login, e-mail, phone or id. Only accounts of the actor's tenant are found, unless the actor administers
/// all. Errors: not_found.
base::Result<identity::Account> find_managed(store::Tx& tx, const rights::Actor& actor, std::string_view named,
                                             base::Time now);

}  // namespace flow
