#include "flow/account/search_accounts.hpp"

#include <algorithm>

#include "base/time.hpp"
#include "flow/account/walk_accounts.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_managed.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/report_for.hpp"
#include "flow/password/reset_password.hpp"
#include "flow/session/compare_rights.hpp"
#include "flow/session/live_session.hpp"
#include "flow/session/record_search.hpp"
#include "identity/identifier/search_terms.hpp"
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

base::Result<AccountRow> read_row(store::Tx& tx, identity::Account account, base::Time now) {
  AccountRow row;
  ASSIGN_OR_RETURN(row.locked_until, store::find_barrier_of(tx, account.id, now));
  if (identity::is_locked(account, now)) row.locked_until = std::max(row.locked_until, account.locked_until);
  row.account = std::move(account);
  return row;
}

/// nullopt: only signs were typed, or too much, so that nothing is found.
base::Result<std::optional<AccountList>> parse_query(const AccountQuery& query, base::Time now) {
  AccountList list;
  list.now = now;
  ASSIGN_OR_RETURN(list.state, parse_state(query.state));
  if (!query.kind.empty()) RETURN_IF_ERROR(identity::parse_account_kind(query.kind));
  list.kind = query.kind;
  if (!query.order.empty() && query.order != "newest") return base::fail(base::Code::invalid_input, "no such order");
  list.newest_first = query.order == "newest";
  if (base::count_code_points(query.text) > longest_text) return std::nullopt;
  list.words = identity::search_words(query.text);
  if (list.words.empty() && !identity::trimmed(query.text).empty()) return std::nullopt;
  return list;
}

/// The accounts of a list from its beginning, at most `most`.
base::Result<std::vector<base::Id>> walk_all(store::Tx& tx, const AccountList& list, std::size_t most) {
  std::vector<base::Id> found;
  for (PageWish wish{.most = most};;) {
    ASSIGN_OR_RETURN(const AccountPlaces places, walk_accounts(tx, list, wish));
    found.insert(found.end(), places.accounts.begin(), places.accounts.end());
    if (found.size() >= most || !places.ends.next) return found;
    wish = {Turn::next, *places.ends.next, most - found.size()};
  }
}

}  // namespace

base::Result<AccountPage> search_accounts(const House& house, const rights::Actor& actor, const AccountQuery& query,
                                          const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::read_accounts));
  ASSIGN_OR_RETURN(auto parsed, parse_query(query, facts.now));
  if (!parsed) return AccountPage();
  AccountList list = *std::move(parsed);
  PageWish wish = query.page;
  if (wish.turn != Turn::first && wish.turn != Turn::last && !is_anchor(wish.row)) {
    return base::fail(base::Code::invalid_input, "no such page");
  }
  wish.most = std::clamp<std::size_t>(wish.most, 1, largest_page);
  RETURN_IF_ERROR(record_search(house, actor, list.words, facts));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<AccountPage> {
    AccountPage page;
    ASSIGN_OR_RETURN(list.tenants, list_reached(tx, actor));
    ASSIGN_OR_RETURN(page.is_filling, store::are_terms_due(tx));
    ASSIGN_OR_RETURN(AccountPlaces places, walk_accounts(tx, list, wish));
    page.ends = std::move(places.ends);
    for (const base::Id& id : places.accounts) {
      ASSIGN_OR_RETURN(auto account, store::find_account(tx, id));
      if (!account) continue;
      ASSIGN_OR_RETURN(AccountRow row, read_row(tx, std::move(*account), facts.now));
      page.rows.push_back(std::move(row));
    }
    return page;
  });
}

base::Result<std::vector<base::Id>> list_found_accounts(const House& house, const rights::Actor& actor,
                                                        const AccountQuery& query, std::size_t most,
                                                        const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::read_accounts));
  ASSIGN_OR_RETURN(auto parsed, parse_query(query, facts.now));
  if (!parsed) return std::vector<base::Id>();
  AccountList list = *std::move(parsed);
  RETURN_IF_ERROR(record_search(house, actor, list.words, facts));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<std::vector<base::Id>> {
    ASSIGN_OR_RETURN(list.tenants, list_reached(tx, actor));
    return walk_all(tx, list, most);
  });
}

base::Result<AccountDetails> find_account_details(const House& house, const rights::Actor& actor, std::string_view id,
                                                  base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::read_accounts));
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
    ASSIGN_OR_RETURN(details.sessions,
                     store::count_sessions(tx, {account->id, account->security_stamp, now}, counted_exactly + 1));
    ASSIGN_OR_RETURN(const auto password, store::find_password(tx, *account_id));
    details.has_password = password.has_value();
    ASSIGN_OR_RETURN(details.reset_place, find_reset_place(tx, *account));
    details.is_own = !actor.is_operator() && *account_id == actor.account().id;
    ASSIGN_OR_RETURN(details.is_above, is_above(tx, actor, *account_id, now));
    ASSIGN_OR_RETURN(details.row, read_row(tx, std::move(*account), now));
    return details;
  });
}

base::Result<std::vector<identity::Account>> list_accounts(const House& house, const rights::Actor& actor,
                                                           const base::Id& after, std::size_t most) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::read_accounts));
  ASSIGN_OR_RETURN(auto accounts,
                   report_for(house, actor, [&](store::Tx& tx) { return store::list_accounts(tx, after, most); }));
  std::erase_if(accounts, [&](const auto& one) { return !actor.reaches(one.tenant_id); });
  return accounts;
}

base::Result<identity::Account> find_named_account(const House& house, const rights::Actor& actor,
                                                   std::string_view account, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::read_accounts));
  return house.store.read([&](store::Tx& tx) { return find_managed(tx, actor, account, now); });
}

}  // namespace flow
