#include "flow/account/search_accounts.hpp"

#include <algorithm>

#include "base/time.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/session/end_access.hpp"
#include "flow/session/live_session.hpp"
#include "identity/lockout/lockout.hpp"
#include "identity/spelling/comparison_form.hpp"
#include "rights/session.hpp"
#include "store/account/account_search.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/engine/store.hpp"
#include "store/password/passwords.hpp"
#include "store/proof/throttling.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

constexpr std::size_t largest_page = 100;
constexpr std::size_t longest_text = 100;

base::Result<store::AccountState> parse_state(std::string_view state) {
  if (state.empty()) return store::AccountState::present;
  if (state == "active") return store::AccountState::active;
  if (state == "locked") return store::AccountState::locked;
  if (state == "suspended") return store::AccountState::suspended;
  if (state == "deleted") return store::AccountState::deleted;
  return base::fail(base::Code::invalid_input, "no such state of an account");
}

// The pattern for the database, which folds the case of ASCII letters only: every other character becomes a wildcard.
std::string pattern_of(std::string_view typed) {
  std::string pattern;
  bool is_open = false;  // the pattern ends with a % that stands for any text
  const auto open = [&] {
    if (!is_open) pattern.push_back('%');
    is_open = true;
  };
  if (typed.empty()) return pattern;
  open();
  for (const char c : typed) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      open();
      continue;
    }
    if (c == '%' || c == '_' || c == '\\') pattern.push_back('\\');
    pattern.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    is_open = false;
  }
  open();
  return pattern;
}

bool fits(const identity::Account& account, const std::string& wanted) {
  if (wanted.empty()) return true;
  const std::string names = account.given_name + " " + account.family_name;
  for (const std::string* text : {&account.login, &account.email, &names}) {
    if (identity::comparison_form(*text).find(wanted) != std::string::npos) return true;
  }
  return false;
}

base::Result<AccountRow> read_row(store::Tx& tx, identity::Account account, base::Time now) {
  AccountRow row;
  ASSIGN_OR_RETURN(row.locked_until, store::find_barrier_of(tx, account.id, now));
  if (identity::is_locked(account, now)) row.locked_until = std::max(row.locked_until, account.locked_until);
  row.account = std::move(account);
  return row;
}

}  // namespace

base::Result<AccountPage> search_accounts(const House& house, const rights::Actor& actor, const AccountQuery& query,
                                          base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_accounts));
  store::AccountFilter filter;
  ASSIGN_OR_RETURN(filter.state, parse_state(query.state));
  if (base::count_code_points(query.text) > longest_text) return AccountPage();
  const std::string_view typed = identity::trimmed(query.text);
  const std::string wanted = identity::comparison_form(typed);
  if (wanted.empty() && !typed.empty()) return AccountPage();  // only invisible characters were typed
  if (!actor.may(rights::Permission::administer_all)) filter.tenant_id = actor.account().tenant_id;
  filter.pattern = pattern_of(typed);
  filter.after = query.after;
  filter.now = now;
  const std::size_t most = std::clamp<std::size_t>(query.most, 1, largest_page);
  return house.store.read_report([&](store::Tx& tx) -> base::Result<AccountPage> {
    AccountPage page;
    for (;;) {
      ASSIGN_OR_RETURN(const auto found, store::search_accounts(tx, filter));
      for (const base::Id& id : found.ids) {
        ASSIGN_OR_RETURN(auto account, store::find_account(tx, id));
        if (!account || !fits(*account, wanted)) continue;
        if (page.rows.size() == most) {
          page.next_after = page.rows.back().account.id;
          return page;
        }
        ASSIGN_OR_RETURN(AccountRow row, read_row(tx, std::move(*account), now));
        page.rows.push_back(std::move(row));
      }
      if (!found.next_after) return page;
      filter.after = *found.next_after;
    }
  });
}

base::Result<AccountDetails> find_account_details(const House& house, const rights::Actor& actor, std::string_view id,
                                                  base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_accounts));
  const auto account_id = base::Id::parse(id);
  if (!account_id) return base::fail(base::Code::not_found, "not an id");
  return house.store.read([&](store::Tx& tx) -> base::Result<AccountDetails> {
    ASSIGN_OR_RETURN(auto account, store::find_account(tx, *account_id));
    if (!account || !actor.reaches(account->tenant_id)) {
      return base::fail(base::Code::not_found, "no such account");
    }
    AccountDetails details;
    ASSIGN_OR_RETURN(details.contexts, store::list_contexts(tx, *account_id, now));
    ASSIGN_OR_RETURN(details.activity, find_activity(tx, *account, now));
    ASSIGN_OR_RETURN(details.sessions, list_live_sessions(tx, *account, now));
    ASSIGN_OR_RETURN(const auto password, store::find_password(tx, *account_id));
    details.has_password = password.has_value();
    details.is_own = !actor.is_operator() && *account_id == actor.account().id;
    ASSIGN_OR_RETURN(const bool above, is_above(tx, *account_id, now));
    details.is_above = above && !actor.may(rights::Permission::administer_all);
    ASSIGN_OR_RETURN(details.row, read_row(tx, std::move(*account), now));
    return details;
  });
}

}  // namespace flow
