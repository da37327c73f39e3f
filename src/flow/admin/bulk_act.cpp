#include "flow/admin/bulk_act.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "audit/event.hpp"
#include "flow/admin/record_bulk.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/report_for.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/compare_rights.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/accounts.hpp"
#include "store/account/bulk_acts.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/group/groups.hpp"

namespace flow {
namespace {

constexpr rights::Permissions some_act{rights::Permission::manage_accounts, rights::Permission::support_accounts};

base::Result<store::BulkAct> find_own(store::Tx& tx, const rights::Actor& actor, const base::Id& id) {
  ASSIGN_OR_RETURN(auto found, store::find_bulk_act(tx, id));
  const bool is_own = found && !actor.is_operator() && found->actor_id == actor.account().id;
  if (!is_own) return base::fail(base::Code::not_found, "no such run");
  return *std::move(found);
}

std::vector<base::Id> without_doubles(const std::vector<base::Id>& ids) {
  std::vector<base::Id> once;
  std::set<base::Id> seen;
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(once),
               [&](const auto& id) { return seen.insert(id).second; });
  return once;
}

base::Result<void> add_choices(store::Tx& tx, const rights::Actor& actor, const base::Id& tenant,
                               AccountChoices& choices) {
  ASSIGN_OR_RETURN(auto contexts, store::list_contexts_of_tenant(tx, tenant));
  for (rights::ActingContext& context : contexts) {
    const auto has_key = [&](const auto& one) { return one.key == context.key; };
    const bool is_new = std::none_of(choices.contexts.begin(), choices.contexts.end(), has_key);
    if (is_new && demand_rights(actor, rights::granted(context))) choices.contexts.push_back(std::move(context));
  }
  ASSIGN_OR_RETURN(const auto groups, store::list_groups(tx, tenant));
  for (const store::Group& group : groups) choices.groups.push_back(group.shown);
  return {};
}

base::Result<AccountChoices> list_choices(store::Tx& tx, const rights::Actor& actor,
                                          const std::vector<base::Id>& accounts) {
  std::set<base::Id> tenants;
  for (const base::Id& id : accounts) {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, id));
    if (account && actor.reaches(account->tenant_id)) tenants.insert(account->tenant_id);
  }
  AccountChoices choices;
  for (const base::Id& tenant : tenants) {
    RETURN_IF_ERROR(add_choices(tx, actor, tenant, choices));
  }
  // Organisations may write the name of such a group with other capitals.
  std::map<std::string, std::string> by_name;
  for (std::string& group : choices.groups) by_name.emplace(group_name(group).value_or(group), std::move(group));
  choices.groups.clear();
  for (auto& [name, shown] : by_name) choices.groups.push_back(std::move(shown));
  return choices;
}

base::Result<bool> has_target(store::Tx& tx, const rights::Actor& actor, const BulkWish& wish, const base::Id& tenant) {
  if (wish.act.ends_with("_group")) {
    const auto name = group_name(wish.target);
    if (!name) return false;
    ASSIGN_OR_RETURN(const auto group, store::find_group(tx, tenant, *name));
    return group.has_value();
  }
  ASSIGN_OR_RETURN(const auto context, store::find_context_by_key(tx, tenant, wish.target));
  return context && demand_rights(actor, rights::granted(*context)).has_value();
}

/// What is recorded as the target must be something that an administrator has registered. It is not looked up for each
/// account, because the writer would wait.
base::Result<void> check_target(store::Tx& tx, const rights::Actor& actor, const BulkWish& wish) {
  if (wish.target.empty()) return {};
  ASSIGN_OR_RETURN(const auto tenants, list_reached(tx, actor));
  for (const base::Id& tenant : tenants) {
    ASSIGN_OR_RETURN(const bool is_known, has_target(tx, actor, wish, tenant));
    if (is_known) return {};
  }
  return base::fail(base::Code::invalid_input, "target: no such group or context");
}

BulkRun run_of(const store::BulkAct& act) {
  return {act.id, act.act, act.target, act.state, act.created_at, act.finished_at};
}

store::BulkAct make_act(const rights::Actor& actor, const BulkWish& wish, const RequestFacts& facts) {
  store::BulkAct act;
  act.id = base::Id::make(facts.now);
  act.tenant_id = actor.account().tenant_id;
  act.actor_id = actor.account().id;
  act.session_id = actor.session().id;
  act.context_id = actor.context().id;
  act.act = wish.act;
  act.target = wish.target;
  act.motive = facts.motive.view();
  act.state = "running";
  act.created_at = facts.now;
  return act;
}

}  // namespace

base::Result<AccountChoices> find_bulk_choices(const House& house, const rights::Actor& actor,
                                               const std::vector<base::Id>& accounts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_accounts));
  return report_for(house, actor, [&](store::Tx& tx) { return list_choices(tx, actor, accounts); });
}

base::Result<std::vector<BulkRow>> preview_bulk(const House& house, const rights::Actor& actor, const BulkWish& wish,
                                                base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, permission_of_bulk(wish.act)));
  RETURN_IF_ERROR(check_bulk(wish));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<std::vector<BulkRow>> {
    RETURN_IF_ERROR(check_target(tx, actor, wish));
    std::vector<BulkRow> rows;
    for (const base::Id& id : without_doubles(wish.accounts)) {
      ASSIGN_OR_RETURN(BulkRow row, judge_bulk(tx, actor, wish, id, now));
      rows.push_back(std::move(row));
    }
    return rows;
  });
}

base::Result<base::Id> begin_bulk(const House& house, const rights::Actor& actor, const BulkWish& wish,
                                  const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, permission_of_bulk(wish.act), facts.now));
  RETURN_IF_ERROR(check_bulk(wish));
  if (actor.is_operator()) return base::fail(base::Code::denied, "the command line acts on one account after another");
  const store::BulkAct act = make_act(actor, wish, facts);
  const std::vector<base::Id> accounts = without_doubles(wish.accounts);
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<base::Id> {
    RETURN_IF_ERROR(check_target(tx, actor, wish));
    RETURN_IF_ERROR(store::insert_bulk_act(tx, act, accounts));
    RETURN_IF_ERROR(store::append_event(tx, bulk_event(actor, act, {"begun", accounts.size()}, facts)));
    return act.id;
  });
}

base::Result<BulkProgress> read_bulk(const House& house, const rights::Actor& actor, const base::Id& id) {
  RETURN_IF_ERROR(demand_one_of(actor, some_act));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<BulkProgress> {
    ASSIGN_OR_RETURN(const store::BulkAct act, find_own(tx, actor, id));
    BulkProgress progress;
    progress.run = run_of(act);
    ASSIGN_OR_RETURN(const auto items, store::list_bulk_items(tx, act.id));
    for (const store::BulkItem& item : items) {
      BulkRow row{item.account_id};
      row.outcome = item.outcome;
      ASSIGN_OR_RETURN(const auto account, store::find_account(tx, item.account_id));
      if (account && actor.reaches(account->tenant_id)) {
        row.name = account->display_name();
        row.login = account->login;
      }
      progress.waiting += item.outcome.empty() ? 1 : 0;
      progress.done += item.outcome == bulk_outcome::done ? 1 : 0;
      progress.rows.push_back(std::move(row));
    }
    return progress;
  });
}

base::Result<std::vector<BulkRun>> list_bulk(const House& house, const rights::Actor& actor, std::size_t most) {
  RETURN_IF_ERROR(demand_one_of(actor, some_act));
  if (actor.is_operator()) return std::vector<BulkRun>();
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<BulkRun>> {
    ASSIGN_OR_RETURN(const auto acts, store::list_bulk_acts_of(tx, actor.account().id, most));
    std::vector<BulkRun> runs;
    for (const store::BulkAct& act : acts) runs.push_back(run_of(act));
    return runs;
  });
}

base::Result<void> stop_bulk(const House& house, const rights::Actor& actor, const base::Id& id,
                             const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_one_of(actor, some_act));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::BulkAct act, find_own(tx, actor, id));
    ASSIGN_OR_RETURN(const bool ended, store::end_bulk_act(tx, act.id, {"stopped", bulk_outcome::stopped, facts.now}));
    if (!ended) return base::fail(base::Code::conflict, "the run has ended");
    ASSIGN_OR_RETURN(const std::int64_t done, store::count_bulk_items(tx, act.id, bulk_outcome::done));
    return store::append_event(tx, bulk_event(actor, act, {"stopped", static_cast<std::size_t>(done)}, facts));
  });
}

}  // namespace flow
