#include "flow/admin/judge_bulk.hpp"

#include <algorithm>

#include "flow/group/administer_groups.hpp"
#include "flow/house/find_managed.hpp"
#include "flow/password/reset_password.hpp"
#include "flow/session/compare_rights.hpp"
#include "store/account/contexts.hpp"
#include "store/group/groups.hpp"

namespace flow {
namespace {

using identity::AccountStatus;
namespace outcome = bulk_outcome;

bool is_about_group(std::string_view act) {
  return act.ends_with("_group");
}

bool is_about_context(std::string_view act) {
  return act.ends_with("_context");
}

bool adds(std::string_view act) {
  return act == "add_group" || act == "give_context";
}

base::Result<std::string_view> judge_group(store::Tx& tx, const identity::Account& account, const BulkWish& wish) {
  const auto name = group_name(wish.target);
  if (!name) return outcome::missing;
  ASSIGN_OR_RETURN(const auto group, store::find_group(tx, account.tenant_id, *name));
  if (!group) return outcome::missing;
  ASSIGN_OR_RETURN(const auto groups, store::list_groups_of(tx, account.id));
  const bool has = std::any_of(groups.begin(), groups.end(), [&](const auto& one) { return one.id == group->id; });
  return has == adds(wish.act) ? outcome::already : outcome::waits;
}

base::Result<std::string_view> judge_context(store::Tx& tx, const rights::Actor& actor,
                                             const identity::Account& account, const BulkWish& wish, base::Time now) {
  ASSIGN_OR_RETURN(const auto context, store::find_context_by_key(tx, account.tenant_id, wish.target));
  if (!context) return outcome::missing;
  if (!demand_rights(actor, rights::granted(*context))) return outcome::rights;
  ASSIGN_OR_RETURN(const auto has, store::find_context_of(tx, account.id, context->id, now));
  return has.has_value() == adds(wish.act) ? outcome::already : outcome::waits;
}

base::Result<std::string_view> judge_reset(store::Tx& tx, const identity::Account& account) {
  const bool may = account.status == AccountStatus::active || account.status == AccountStatus::invited;
  if (!may) return outcome::impossible;
  ASSIGN_OR_RETURN(const auto place, find_reset_place(tx, account));
  return place ? outcome::waits : outcome::no_channel;
}

std::string_view judge_restore(const identity::Account& account) {
  if (account.status == AccountStatus::active) return outcome::already;
  return account.status == AccountStatus::invited ? outcome::impossible : outcome::waits;
}

}  // namespace

base::Result<void> check_bulk(const BulkWish& wish) {
  const auto flaw = [](std::string reason) { return base::fail(base::Code::invalid_input, std::move(reason)); };
  if (std::find(bulk_acts.begin(), bulk_acts.end(), wish.act) == bulk_acts.end()) return flaw("no such act");
  const bool needs_target = is_about_group(wish.act) || is_about_context(wish.act);
  if (needs_target == wish.target.empty()) return flaw("target: a group or context, for acts that need one");
  if (wish.accounts.empty()) return flaw("accounts: none was chosen");
  if (wish.accounts.size() > most_in_bulk) return flaw("accounts: too many");
  return {};
}

rights::Permission permission_of_bulk(std::string_view act) {
  return act == "reset" ? rights::Permission::support_accounts : rights::Permission::manage_accounts;
}

base::Result<BulkRow> judge_bulk(store::Tx& tx, const rights::Actor& actor, const BulkWish& wish,
                                 const base::Id& account_id, base::Time now) {
  BulkRow row{account_id};
  const auto found = find_managed(tx, actor, account_id.to_string(), now);
  if (!found && found.error().code != base::Code::not_found) return tl::unexpected(found.error());
  if (!found || found->status == AccountStatus::deleted) {
    row.outcome = outcome::gone;
    return row;
  }
  row.name = found->display_name();
  row.login = found->login;
  if (!actor.is_operator() && found->id == actor.account().id) {
    row.outcome = outcome::own;
    return row;
  }
  ASSIGN_OR_RETURN(const bool above, is_above(tx, actor, found->id, now));
  if (above) {
    row.outcome = outcome::above;
  } else if (is_about_group(wish.act)) {
    ASSIGN_OR_RETURN(row.outcome, judge_group(tx, *found, wish));
  } else if (is_about_context(wish.act)) {
    ASSIGN_OR_RETURN(row.outcome, judge_context(tx, actor, *found, wish, now));
  } else if (wish.act == "reset") {
    ASSIGN_OR_RETURN(row.outcome, judge_reset(tx, *found));
  } else if (wish.act == "restore") {
    row.outcome = judge_restore(*found);
  } else if (wish.act == "suspend" && found->status == AccountStatus::suspended_admin) {
    row.outcome = outcome::already;
  }
  return row;
}

}  // namespace flow
