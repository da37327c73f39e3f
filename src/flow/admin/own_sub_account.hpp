// One sub account as the holder of its main account sees it (S2.4), for a page of its own. What is done with it are the
// same functions that administrators use: they judge both (flow/account/find_changeable.hpp).
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "flow/admin/change_account.hpp"
#include "rights/actor.hpp"
#include "rights/context.hpp"

namespace flow {

struct OwnSubAccount {
  AccountData data;
  std::vector<rights::ActingContext> contexts;  // that it has
  std::vector<rights::ActingContext> offered;   // that the main account has and may give, and it lacks
  bool is_above = false;                        // it has more rights than the actor's context: nothing can be changed
  bool has_password = false;
};
/// `account`: id. Errors: denied (the actor has no main account), not_found (no sub account of it, also if it is
/// deleted).
base::Result<OwnSubAccount> find_own_sub_account(const House& house, const rights::Actor& actor,
                                                 std::string_view account, base::Time now);

}  // namespace flow
