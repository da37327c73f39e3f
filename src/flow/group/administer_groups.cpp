#include "flow/group/administer_groups.hpp"

#include <optional>

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/page_of_list.hpp"
#include "flow/house/record.hpp"
#include "flow/house/report_for.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "identity/identifier/login_name.hpp"
#include "identity/spelling/comparison_form.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/group/groups.hpp"
#include "store/password/policies.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr std::size_t longest_name = 100;

bool has_control_or_invisible(std::string_view name) {
  // White space between words is allowed as U+0020 only.
  std::string without_spaces(name);
  std::erase(without_spaces, ' ');
  return identity::has_space_or_invisible(without_spaces);
}

struct Found {
  store::Tenant tenant;
  store::Group group;
};

base::Result<Found> find_group_of(store::Tx& tx, const rights::Actor& actor, const GroupOfTenant& which) {
  Found found;
  ASSIGN_OR_RETURN(found.tenant, find_managed_tenant(tx, actor, which.tenant));
  const auto kept = group_name(which.group);
  std::optional<store::Group> group;
  if (kept) {
    ASSIGN_OR_RETURN(group, store::find_group(tx, found.tenant.id, *kept));
  }
  if (!group) return base::fail(base::Code::not_found, "there is no group " + std::string(which.group));
  found.group = *std::move(group);
  return found;
}

base::Result<void> demand_reader(const rights::Actor& actor) {
  return demand_one_of(actor, {rights::Permission::manage_groups, rights::Permission::read_accounts,
                               rights::Permission::manage_policies, rights::Permission::read_settings});
}

}  // namespace

base::Result<std::string> group_name(std::string_view typed) {
  const auto refused = [] {
    return base::fail(base::Code::invalid_input,
                      "a group's name has 1 to 100 characters, none of them invisible, and is not \"all\"");
  };
  auto name = identity::folded(typed);
  if (!name || name->empty() || base::count_code_points(*name) > longest_name) return refused();
  if (has_control_or_invisible(*name) || *name == "all") return refused();
  return *std::move(name);
}

base::Result<std::vector<GroupRow>> list_groups(const House& house, const rights::Actor& actor,
                                                std::string_view tenant) {
  RETURN_IF_ERROR(demand_reader(actor));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<std::vector<GroupRow>> {
    ASSIGN_OR_RETURN(const store::Tenant found, find_managed_tenant(tx, actor, tenant));
    ASSIGN_OR_RETURN(const auto groups, store::list_groups(tx, found.id));
    std::vector<GroupRow> rows;
    for (const store::Group& group : groups) {
      GroupRow& row = rows.emplace_back();
      row.name = group.name;
      ASSIGN_OR_RETURN(row.members, store::count_members(tx, group.id, counted_exactly + 1));
      ASSIGN_OR_RETURN(const auto policies, store::list_policies_of(tx, store::PolicyScope::group, group.id));
      for (const identity::PasswordPolicy& policy : policies) row.policies.push_back(policy.name);
    }
    return rows;
  });
}

base::Result<GroupMembers> list_group_members(const House& house, const rights::Actor& actor,
                                              const GroupOfTenant& which, const base::Id& after, std::size_t most) {
  RETURN_IF_ERROR(demand_reader(actor));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<GroupMembers> {
    ASSIGN_OR_RETURN(const Found found, find_group_of(tx, actor, which));
    ASSIGN_OR_RETURN(auto members, store::list_members(tx, found.group.id, after, most + 1));
    GroupMembers page;
    if (members.size() > most) {
      members.resize(most);
      page.next = members.back().account_id;
    }
    for (const store::Member& one : members) {
      page.logins.push_back(one.login.empty() ? one.account_id.to_string() : one.login);
    }
    return page;
  });
}

base::Result<void> create_group(const House& house, const rights::Actor& actor, const GroupOfTenant& which,
                                const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_groups, facts.now));
  ASSIGN_OR_RETURN(const std::string kept, group_name(which.group));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, find_managed_tenant(tx, actor, which.tenant));
    RETURN_IF_ERROR(store::insert_group(tx, {base::Id::make(facts.now), tenant.id, kept}));
    return store::append_event(tx, make_event(audit::type::group_create, actor, tenant.id, facts,
                                              {{"group", audit::Value::registered(kept)}}));
  });
}

base::Result<void> delete_group(const House& house, const rights::Actor& actor, const GroupOfTenant& which,
                                const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_groups, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const Found found, find_group_of(tx, actor, which));
    ASSIGN_OR_RETURN(const auto bound, store::list_policies_of(tx, store::PolicyScope::group, found.group.id));
    if (!bound.empty()) return base::fail(base::Code::conflict, "the policy " + bound.front().name + " is bound to it");
    RETURN_IF_ERROR(store::delete_group(tx, found.group.id));
    return store::append_event(tx, make_event(audit::type::group_delete, actor, found.tenant.id, facts,
                                              {{"group", audit::Value::registered(found.group.name)}}));
  });
}

}  // namespace flow
