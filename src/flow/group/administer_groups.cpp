#include "flow/group/administer_groups.hpp"

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_managed.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "identity/identifier/login_name.hpp"
#include "identity/spelling/comparison_form.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/group/groups.hpp"
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

enum class Change : std::uint8_t {
  added,
  removed
};

base::Result<bool> change_member(const House& house, const rights::Actor& actor, const Membership& membership,
                                 Change change, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::administer_all, facts.now));
  const auto no_group = [&] {
    return base::fail(base::Code::not_found, "there is no group " + std::string(membership.group));
  };
  const auto kept = group_name(membership.group);
  if (!kept) return no_group();
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    ASSIGN_OR_RETURN(const auto found, store::find_group(tx, tenant.id, *kept));
    if (!found) return no_group();
    ASSIGN_OR_RETURN(const identity::Account whose, find_managed(tx, actor, membership.account, facts.now));
    if (whose.tenant_id != tenant.id) {
      return base::fail(base::Code::not_found, "no account " + std::string(membership.account));
    }
    const bool is_added = change == Change::added;
    if (is_added && whose.status == identity::AccountStatus::deleted) {
      return base::fail(base::Code::conflict, "the account is deleted");
    }
    ASSIGN_OR_RETURN(const bool changed, is_added ? store::add_member(tx, found->id, whose.id)
                                                  : store::remove_member(tx, found->id, whose.id));
    if (!changed) return false;
    RETURN_IF_ERROR(
        store::append_event(tx, make_event(audit::type::group_change, actor, {tenant.id, whose.id}, facts,
                                           {{"group", audit::Value::registered(*kept)},
                                            {"change", is_added ? audit::Code("added") : audit::Code("removed")}})));
    return true;
  });
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

base::Result<std::vector<GroupMembers>> list_groups(const House& house, const rights::Actor& actor) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::administer_all));
  return house.store.read([](store::Tx& tx) -> base::Result<std::vector<GroupMembers>> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    ASSIGN_OR_RETURN(const auto groups, store::list_groups(tx, tenant.id));
    ASSIGN_OR_RETURN(const auto members, store::list_members(tx, tenant.id));
    std::vector<GroupMembers> all;
    auto member = members.begin();  // in the order of the groups
    for (const store::Group& group : groups) {
      GroupMembers& row = all.emplace_back();
      row.name = group.name;
      for (; member != members.end() && member->group_id == group.id; ++member) {
        row.members.push_back(member->login.empty() ? member->account_id.to_string() : member->login);
      }
    }
    return all;
  });
}

base::Result<void> create_group(const House& house, const rights::Actor& actor, std::string_view name,
                                const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::administer_all, facts.now));
  ASSIGN_OR_RETURN(const std::string kept, group_name(name));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    RETURN_IF_ERROR(store::insert_group(tx, {base::Id::make(facts.now), tenant.id, kept}));
    return store::append_event(tx, make_event(audit::type::group_create, actor, tenant.id, facts,
                                              {{"group", audit::Value::registered(kept)}}));
  });
}

base::Result<bool> add_member(const House& house, const rights::Actor& actor, const Membership& membership,
                              const RequestFacts& facts) {
  return change_member(house, actor, membership, Change::added, facts);
}

base::Result<bool> remove_member(const House& house, const rights::Actor& actor, const Membership& membership,
                                 const RequestFacts& facts) {
  return change_member(house, actor, membership, Change::removed, facts);
}

}  // namespace flow
