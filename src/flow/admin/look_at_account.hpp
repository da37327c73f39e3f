// All that an administrator sees of one account. Looking leaves an event: one for an administrator, an account and an
// hour, so that "who looked at this account" has an answer and the log is not flooded.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/account/change_contexts.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/admin/change_account.hpp"
#include "flow/admin/reset_factors.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/password/password_state.hpp"
#include "rights/actor.hpp"

namespace flow {

/// What is known of the password, without any secret.
struct HeldCredential {
  identity::PasswordOrigin origin = identity::PasswordOrigin::own;
  base::Time set_at;
  std::optional<base::Time> ends_at;
};
struct SeenDevice {
  std::string name;  // what the owner calls it; "" = nothing
  std::string user_agent;
  base::Time created_at;
  base::Time last_seen;
};
struct AccountView {
  AccountDetails details;
  AccountData data;
  std::string tenant;  // name of the organisation that it belongs to
  std::optional<HeldCredential> password;
  SeenFactors factors;
  std::vector<HeldContext> contexts;  // those too that begin later
  std::vector<std::string> groups;    // names, in their order
  std::vector<SeenDevice> devices;    // the one seen last first
};
/// `account`: login, e-mail or id. Errors: denied, not_found (also if it is of another tenant).
base::Result<AccountView> look_at_account(const House& house, const rights::Actor& actor, std::string_view account,
                                          const RequestFacts& facts);

}  // namespace flow
