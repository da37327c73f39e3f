// Accounts for administrators: a list with search and filter, and one account with its state, and all page by page for
// the command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/page_of_list.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/login/read_activity.hpp"
#include "flow/outbox/queue_message.hpp"
#include "rights/actor.hpp"

namespace flow {

struct AccountQuery {
  std::string text;    // beginnings of words or numbers, in any order and spelling; "" = all
  std::string state;   // "" = all but deleted ones, "active", "locked", "suspended", "deleted"
  std::string kind{};  // name of an identity::AccountKind; "" = every one
  std::string order;   // "" = by name, "newest" = the newest first; a search has an order of its own
  PageWish page{};
};
struct AccountRow {
  identity::Account account;
  std::optional<base::Time> locked_until;  // of the whole account, or only of strangers
};
struct AccountPage {
  std::vector<AccountRow> rows;
  PageEnds ends;
  bool is_filling = false;  // accounts of an earlier program are still being prepared: some are missing
};
/// Of the actor's tenant; a super administrator sees every one, tenant after tenant. What was found stands in the order
/// of the words that were found. Errors: denied, invalid_input (no such state, kind or order), too_many (searches by
/// number).
base::Result<AccountPage> search_accounts(const House& house, const rights::Actor& actor, const AccountQuery& query,
                                          const RequestFacts& facts);

/// The accounts that the same list has on all its pages, at most `most`. Errors: those of search_accounts.
base::Result<std::vector<base::Id>> list_found_accounts(const House& house, const rights::Actor& actor,
                                                        const AccountQuery& query, std::size_t most,
                                                        const RequestFacts& facts);

struct AccountDetails {
  AccountRow row;
  std::vector<rights::ActingContext> contexts;
  Activity activity;
  std::int64_t sessions = 0;  // that are open; counted_exactly + 1 = more
  bool has_password = false;
  std::optional<Destination> reset_place{};  // where a link for a new password would be sent
  bool is_own = false;                       // the actor's account, which is changed on the account pages
  bool is_above = false;                     // has more rights than the actor, who may only read it
};
/// Errors: denied, not_found (also if it is of another tenant).
base::Result<AccountDetails> find_account_details(const House& house, const rights::Actor& actor, std::string_view id,
                                                  base::Time now);

/// At most `most` accounts in the order of ids, after `after`. Only accounts of the actor's tenant, unless the actor
/// administers all. Errors: denied.
base::Result<std::vector<identity::Account>> list_accounts(const House& house, const rights::Actor& actor,
                                                           const base::Id& after, std::size_t most);
/// `account`: login, e-mail or id. Errors: not_found, denied, invalid_input.
base::Result<identity::Account> find_named_account(const House& house, const rights::Actor& actor,
                                                   std::string_view account, base::Time now);

}  // namespace flow
