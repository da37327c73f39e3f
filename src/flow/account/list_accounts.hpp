// Accounts for the command line: page by page, or one by its name.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "identity/account/account.hpp"
#include "rights/actor.hpp"

namespace flow {

/// At most `most` accounts in the order of ids, after `after`. Only accounts of the actor's tenant, unless the actor
/// administers all. Errors: denied.
base::Result<std::vector<identity::Account>> list_accounts(const House& house, const rights::Actor& actor,
                                                           const base::Id& after, std::size_t most);
/// `account`: login, e-mail or id. Errors: not_found, denied, invalid_input.
base::Result<identity::Account> find_named_account(const House& house, const rights::Actor& actor,
                                                   std::string_view account, base::Time now);

}  // namespace flow
