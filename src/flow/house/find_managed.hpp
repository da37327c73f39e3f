// The account that an administrator means by what he typed.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "identity/account/account.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// By login, e-mail, phone or id; of the actor's tenant unless he administers all. Errors: not_found.
base::Result<identity::Account> find_managed(store::Tx& tx, const rights::Actor& actor, std::string_view named,
                                             base::Time now);

}  // namespace flow
