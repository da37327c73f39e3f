#include "flow/group/administer_groups.hpp"

#include <optional>

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "flow/house/report_for.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "identity/identifier/login_name.hpp"
#include "identity/spelling/comparison_form.hpp"
#include "identity/spelling/search_form.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/oauth/resources.hpp"
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

/// As it was typed, unless it has invisible characters, which the folded one is without.
std::string name_for_people(std::string_view typed, const std::string& folded) {
  std::string shown(identity::trimmed(typed));
  const bool is_odd = has_control_or_invisible(shown) || base::count_code_points(shown) > longest_name;
  return is_odd ? folded : shown;
}

struct Found {
  store::Tenant tenant;
  store::Group group;
};

base::Result<Found> find_reached_group(store::Tx& tx, const rights::Actor& actor, const GroupOfTenant& which) {
  Found found;
  if (const auto id = base::Id::parse(which.group)) {
    ASSIGN_OR_RETURN(auto group, store::find_group(tx, *id));
    if (!group) return base::fail(base::Code::not_found, "there is no group " + std::string(which.group));
    ASSIGN_OR_RETURN(found.tenant, find_managed_tenant(tx, actor, group->tenant_id.to_string()));
    found.group = *std::move(group);
    return found;
  }
  ASSIGN_OR_RETURN(found.tenant, find_managed_tenant(tx, actor, which.tenant));
  ASSIGN_OR_RETURN(found.group, find_group_of(tx, found.tenant.id, which.group));
  return found;
}

base::Result<void> demand_reader(const rights::Actor& actor) {
  return demand_one_of(
      actor, {rights::Permission::manage_groups, rights::Permission::manage_accounts, rights::Permission::read_accounts,
              rights::Permission::manage_policies, rights::Permission::read_settings});
}

base::Result<GroupRow> describe(store::Tx& tx, const store::Group& group) {
  GroupRow row;
  row.id = group.id;
  row.name = group.shown;
  ASSIGN_OR_RETURN(row.members, store::count_members(tx, group.id, counted_exactly + 1));
  ASSIGN_OR_RETURN(row.policies, store::list_policy_names_of(tx, store::PolicyScope::group, group.id));
  return row;
}

base::Result<MemberRow> describe(store::Tx& tx, const rights::Actor& actor, const store::Member& member) {
  MemberRow row{member.id, member.login.empty() ? member.id.to_string() : member.login, {}};
  if (!actor.may(rights::Permission::read_accounts)) return row;
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, member.id));
  if (account) row.name = account->display_name();
  return row;
}

}  // namespace

base::Result<std::string> group_name(std::string_view typed) {
  const auto refused = [] {
    return base::fail(base::Code::invalid_input,
                      "a group's name has 1 to 100 characters, none of them invisible, and is not \"all\"");
  };
  auto name = identity::folded(typed);
  if (!name || name->empty() || base::count_code_points(*name) > longest_name) return refused();
  if (has_control_or_invisible(*name) || *name == "all" || base::Id::parse(*name)) return refused();
  return *std::move(name);
}

base::Result<store::Group> find_group_of(store::Tx& tx, const base::Id& tenant_id, std::string_view named) {
  std::optional<store::Group> group;
  if (const auto id = base::Id::parse(named)) {
    ASSIGN_OR_RETURN(group, store::find_group(tx, *id));
  } else if (const auto kept = group_name(named)) {
    ASSIGN_OR_RETURN(group, store::find_group(tx, tenant_id, *kept));
  }
  if (!group || group->tenant_id != tenant_id) {
    return base::fail(base::Code::not_found, "there is no group " + std::string(named));
  }
  return *std::move(group);
}

base::Result<std::vector<GroupRow>> list_groups(const House& house, const rights::Actor& actor,
                                                std::string_view tenant) {
  RETURN_IF_ERROR(demand_reader(actor));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<std::vector<GroupRow>> {
    ASSIGN_OR_RETURN(const store::Tenant found, find_managed_tenant(tx, actor, tenant));
    ASSIGN_OR_RETURN(const auto groups, store::list_groups(tx, found.id));
    std::vector<GroupRow> rows;
    for (const store::Group& group : groups) {
      ASSIGN_OR_RETURN(GroupRow row, describe(tx, group));
      rows.push_back(std::move(row));
    }
    return rows;
  });
}

base::Result<PageOfRows<GroupRow>> search_groups(const House& house, const rights::Actor& actor,
                                                 const GroupQuery& query) {
  RETURN_IF_ERROR(demand_reader(actor));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<PageOfRows<GroupRow>> {
    ASSIGN_OR_RETURN(const store::Tenant found, find_managed_tenant(tx, actor, query.tenant));
    ASSIGN_OR_RETURN(auto groups, store::list_groups(tx, found.id));
    const std::string wanted = identity::search_form(query.text);
    std::erase_if(groups, [&](const store::Group& group) {
      return !query.text.empty() && identity::search_form(group.name).find(wanted) == std::string::npos;
    });
    auto cut = cut_page(std::move(groups), query.page, [](const store::Group& group) { return group.id.to_string(); });
    PageOfRows<GroupRow> page{{}, std::move(cut.ends)};
    for (const store::Group& group : cut.rows) {
      ASSIGN_OR_RETURN(GroupRow row, describe(tx, group));
      page.rows.push_back(std::move(row));
    }
    return page;
  });
}

base::Result<GroupDetails> find_group_details(const House& house, const rights::Actor& actor,
                                              const GroupOfTenant& which) {
  RETURN_IF_ERROR(demand_reader(actor));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<GroupDetails> {
    ASSIGN_OR_RETURN(const Found found, find_reached_group(tx, actor, which));
    ASSIGN_OR_RETURN(GroupRow row, describe(tx, found.group));
    return GroupDetails{std::move(row), name_tenant(actor, found.tenant)};
  });
}

base::Result<PageOfRows<MemberRow>> list_group_members(const House& house, const rights::Actor& actor,
                                                       const GroupOfTenant& which, const PageWish& wish) {
  RETURN_IF_ERROR(demand_reader(actor));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<PageOfRows<MemberRow>> {
    ASSIGN_OR_RETURN(const Found found, find_reached_group(tx, actor, which));
    const RowFinder<base::Id> find_row = [](std::string_view row) -> base::Result<std::optional<base::Id>> {
      ASSIGN_OR_RETURN(const base::Id id, base::Id::parse(row));
      return id;
    };
    const PageReader<store::Member, base::Id> read = [&](const std::optional<base::Id>& place, bool backward,
                                                         std::size_t most) {
      return backward ? store::list_members_back(tx, found.group.id, place, most)
                      : store::list_members(tx, found.group.id, place.value_or(base::Id()), most);
    };
    ASSIGN_OR_RETURN(auto members, (read_page<store::Member, base::Id>(wish, find_row, read)));
    ASSIGN_OR_RETURN(members.ends.count, store::count_members(tx, found.group.id, counted_exactly + 1));
    PageOfRows<MemberRow> page{{}, std::move(members.ends)};
    for (const store::Member& one : members.rows) {
      ASSIGN_OR_RETURN(MemberRow row, describe(tx, actor, one));
      page.rows.push_back(std::move(row));
    }
    return page;
  });
}

base::Result<base::Id> create_group(const House& house, const rights::Actor& actor, const GroupOfTenant& which,
                                    const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_groups, facts.now));
  ASSIGN_OR_RETURN(const std::string kept, group_name(which.group));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<base::Id> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, find_managed_tenant(tx, actor, which.tenant));
    const base::Id id = base::Id::make(facts.now);
    const std::string shown = name_for_people(which.group, kept);
    RETURN_IF_ERROR(store::insert_group(tx, {id, tenant.id, kept, shown}));
    RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::group_create, actor, tenant.id, facts,
                                                       {{"group", audit::Value::registered(shown)}})));
    return id;
  });
}

base::Result<bool> rename_group(const House& house, const rights::Actor& actor, const GroupOfTenant& which,
                                const GroupNames& names, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_groups, facts.now));
  ASSIGN_OR_RETURN(const std::string wished, group_name(names.wished));
  const std::string shown = name_for_people(names.wished, wished);
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const Found found, find_reached_group(tx, actor, which));
    const std::string& before = found.group.shown;
    if (!names.now.empty() && names.now != before) {
      return base::fail(base::Code::conflict, "the group was renamed meanwhile");
    }
    if (shown == before) return false;
    ASSIGN_OR_RETURN(const auto other, store::find_group(tx, found.tenant.id, wished));
    if (other && other->id != found.group.id) {
      return base::fail(base::Code::already_exists, "the group " + wished + " exists");
    }
    RETURN_IF_ERROR(store::rename_group(tx, {found.group.id, found.tenant.id, wished, shown}));
    RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::group_change, actor, found.tenant.id, facts,
                                                       {{"group", audit::Value::registered(before)},
                                                        {"change", "renamed"},
                                                        {"new", audit::Value::registered(shown)}})));
    return true;
  });
}

base::Result<void> delete_group(const House& house, const rights::Actor& actor, const GroupOfTenant& which,
                                const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_groups, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const Found found, find_reached_group(tx, actor, which));
    // Of passwords or of second factors (S3.4).
    ASSIGN_OR_RETURN(const auto bound, store::list_policy_names_of(tx, store::PolicyScope::group, found.group.id));
    if (!bound.empty()) return base::fail(base::Code::conflict, "the policy " + bound.front() + " is bound to it");
    // A rule that names a group that is gone would fit nobody, and nobody would notice.
    ASSIGN_OR_RETURN(const auto servers, store::list_resource_servers(tx));
    for (const rights::ResourceServer& server : servers) {
      if (rights::names_group(server, found.group.id)) {
        return base::fail(base::Code::conflict, "a rule of the resource server " + server.identifier + " names it");
      }
    }
    RETURN_IF_ERROR(store::delete_group(tx, found.group.id));
    return store::append_event(tx, make_event(audit::type::group_delete, actor, found.tenant.id, facts,
                                              {{"group", audit::Value::registered(found.group.shown)}}));
  });
}

}  // namespace flow
