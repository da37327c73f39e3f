// The one judgement of an account behind a program, a session or a token: whether it acts at all now.
#pragma once

#include <optional>

#include "base/time.hpp"
#include "identity/account/account.hpp"
#include "rights/may_issue.hpp"

namespace rights {

/// account_unknown (nullptr), account_not_active (invited, suspended, deleted), account_locked; nullopt: it may act.
std::optional<Refusal> find_flaw_of_account(const identity::Account* account, base::Time now);

}  // namespace rights
