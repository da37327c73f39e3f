// The one judgement of an account behind a program, a session or a token, and of a client: whether it acts at all now.
#pragma once

#include <optional>

#include "base/time.hpp"
#include "identity/account/account.hpp"
#include "rights/may_issue.hpp"

namespace rights {

/// account_unknown (nullptr), account_not_active (invited, suspended, deleted), account_locked; nullopt: it may act.
std::optional<Refusal> find_flaw_of_account(const identity::Account* account, base::Time now);

/// client_unknown (nullptr), client_disabled. A client that belongs to an account is one identity with it (S4.27), and
/// has that one's flaw too; other_tenant: it is an account of another organisation. `owner`: the account; nullptr = the
/// client belongs to none, or it is gone.
std::optional<Refusal> find_flaw_of_client(const Client* client, const identity::Account* owner, base::Time now);

}  // namespace rights
