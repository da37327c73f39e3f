// Accounts for administrators: a list with search and filter, and one account with its state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/login/read_activity.hpp"
#include "rights/actor.hpp"
#include "rights/session.hpp"

namespace flow {

struct AccountQuery {
  std::string text;   // part of a login, an e-mail address or a name, in any spelling; "" = all
  std::string state;  // "" = all but deleted ones, "active", "locked", "suspended", "deleted"
  base::Id after;     // the page that begins after this account
  std::size_t most = 25;
};
struct AccountRow {
  identity::Account account;
  std::optional<base::Time> locked_until;  // of the whole account, or only of strangers
};
struct AccountPage {
  std::vector<AccountRow> rows;
  std::optional<base::Id> next_after;  // nullopt = the last page
};
/// Of the actor's tenant; a super administrator sees every one. Errors: denied, invalid_input (no such state).
base::Result<AccountPage> search_accounts(const House& house, const rights::Actor& actor, const AccountQuery& query,
                                          base::Time now);

struct AccountDetails {
  AccountRow row;
  std::vector<rights::ActingContext> contexts;
  Activity activity;
  std::vector<rights::Session> sessions;
  bool has_password = false;
  bool is_own = false;    // the actor's account, which is changed on the account pages
  bool is_above = false;  // has more rights than the actor, who may only read it
};
/// Errors: denied, not_found (also if it is of another tenant).
base::Result<AccountDetails> find_account_details(const House& house, const rights::Actor& actor, std::string_view id,
                                                  base::Time now);

}  // namespace flow
