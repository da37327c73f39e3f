#include "flow/tenant/administer_roles.hpp"

#include <optional>
#include <utility>

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/house/check_title.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/page_of_list.hpp"
#include "flow/house/record.hpp"
#include "flow/house/report_for.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/compare_rights.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/contexts.hpp"
#include "store/account/roles.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

base::Result<rights::Permissions> parse_wished(const std::vector<std::string>& names) {
  rights::Permissions permissions = rights::personal_permissions;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const rights::Permission one, rights::parse_permission(name));
    permissions.add(one);
  }
  RETURN_IF_ERROR(rights::check_own_role(permissions));
  return permissions;
}

base::Result<void> apply(const rights::Actor& actor, const RoleWish& wish, rights::OwnRole& role) {
  if (wish.name) {
    RETURN_IF_ERROR(check_title("name", *wish.name));
    role.name = *wish.name;
  }
  if (wish.permissions) {
    ASSIGN_OR_RETURN(role.permissions, parse_wished(*wish.permissions));
  }
  return demand_rights(actor, role.permissions);
}

struct Found {
  store::Tenant tenant;
  rights::OwnRole role;
};

base::Result<Found> find_reached_role(store::Tx& tx, const rights::Actor& actor, const RoleOfTenant& which) {
  Found found;
  std::optional<rights::OwnRole> role;
  if (const auto id = base::Id::parse(which.role)) {
    ASSIGN_OR_RETURN(role, store::find_role(tx, *id));
    if (role) {
      ASSIGN_OR_RETURN(found.tenant, find_managed_tenant(tx, actor, role->tenant_id.to_string()));
    }
  } else {
    ASSIGN_OR_RETURN(found.tenant, find_managed_tenant(tx, actor, which.tenant));
    ASSIGN_OR_RETURN(role, store::find_role(tx, found.tenant.id, which.role));
  }
  if (!role) {
    const bool is_built_in = rights::find_built_in(which.role).has_value();
    return base::fail(
        is_built_in ? base::Code::invalid_input : base::Code::not_found,
        is_built_in ? "role: a built-in role is not changed" : "there is no role " + std::string(which.role));
  }
  found.role = *std::move(role);
  return found;
}

// A role with more permissions than the actor's is not the actor's to change.
base::Result<Found> find_own(store::Tx& tx, const rights::Actor& actor, const RoleOfTenant& which) {
  ASSIGN_OR_RETURN(Found found, find_reached_role(tx, actor, which));
  RETURN_IF_ERROR(demand_rights(actor, found.role.permissions));
  return found;
}

// Whoever takes the permission from the own context could not give it back.
base::Result<void> demand_way_back(const rights::Actor& actor, const rights::OwnRole& after) {
  if (actor.is_operator() || actor.context().tenant_id != after.tenant_id || actor.context().role != after.key)
    return {};
  if (after.permissions.has(rights::Permission::manage_contexts)) return {};
  return base::fail(base::Code::conflict, "the change would lock out the session that makes it");
}

base::Result<std::vector<rights::ActingContext>> list_contexts_with(store::Tx& tx, const rights::OwnRole& role) {
  ASSIGN_OR_RETURN(auto contexts, store::list_contexts_of_tenant(tx, role.tenant_id));
  std::erase_if(contexts, [&](const rights::ActingContext& one) { return one.role != role.key; });
  return contexts;
}

base::Result<void> record(store::Tx& tx, const rights::Actor& actor, const Found& before, const rights::OwnRole* after,
                          const RequestFacts& facts) {
  return store::append_event(
      tx, make_event(audit::type::role_change, actor, before.tenant.id, facts,
                     {{"role", audit::Value::registered(before.role.key)},
                      {"change", after == nullptr ? audit::Code("removed") : audit::Code("changed")},
                      {"old", audit::Value::registered(rights::to_words(before.role.permissions))},
                      {"new", audit::Value::registered(after == nullptr ? std::string()
                                                                        : rights::to_words(after->permissions))}}));
}

}  // namespace

base::Result<std::vector<rights::OwnRole>> list_own_roles(const House& house, const rights::Actor& actor,
                                                          std::string_view tenant) {
  RETURN_IF_ERROR(demand_one_of(actor, {rights::Permission::manage_contexts, rights::Permission::read_settings}));
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<rights::OwnRole>> {
    ASSIGN_OR_RETURN(const store::Tenant found, find_managed_tenant(tx, actor, tenant));
    return store::list_roles(tx, found.id);
  });
}

base::Result<std::vector<RoleRow>> list_roles(const House& house, const rights::Actor& actor, std::string_view tenant) {
  ASSIGN_OR_RETURN(const auto own, list_own_roles(house, actor, tenant));
  const auto may_give = [&](rights::Permissions permissions) { return demand_rights(actor, permissions).has_value(); };
  std::vector<RoleRow> rows;
  for (const rights::BuiltInRole& one : rights::built_in_roles()) {
    rows.push_back({{}, std::string(one.key), {}, one.permissions, may_give(one.permissions)});
  }
  for (const rights::OwnRole& one : own) {
    rows.push_back({one.id, one.key, one.name, one.permissions, may_give(one.permissions)});
  }
  return rows;
}

base::Result<RoleDetails> find_role_details(const House& house, const rights::Actor& actor, const RoleOfTenant& which,
                                            base::Time now) {
  RETURN_IF_ERROR(demand_one_of(actor, {rights::Permission::manage_contexts, rights::Permission::read_settings}));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<RoleDetails> {
    ASSIGN_OR_RETURN(Found found, find_reached_role(tx, actor, which));
    RoleDetails details;
    details.may_change =
        actor.may(rights::Permission::manage_contexts) && demand_rights(actor, found.role.permissions).has_value();
    ASSIGN_OR_RETURN(details.contexts, list_contexts_with(tx, found.role));
    ASSIGN_OR_RETURN(details.accounts, store::count_holders_of_role(tx, found.role, now, counted_exactly + 1));
    details.tenant = name_tenant(actor, found.tenant);
    details.role = std::move(found.role);
    return details;
  });
}

base::Result<base::Id> create_role(const House& house, const rights::Actor& actor, const RoleOfTenant& which,
                                   const RoleWish& wish, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_contexts, facts.now));
  RETURN_IF_ERROR(rights::check_key("key", which.role));
  if (rights::find_built_in(which.role)) {
    return base::fail(base::Code::already_exists, "key: a built-in role has this key");
  }
  rights::OwnRole role;
  role.id = base::Id::make(facts.now);
  role.key = which.role;
  role.name = which.role;
  role.permissions = rights::personal_permissions;
  RETURN_IF_ERROR(apply(actor, wish, role));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<base::Id> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, find_managed_tenant(tx, actor, which.tenant));
    role.tenant_id = tenant.id;
    RETURN_IF_ERROR(store::insert_role(tx, role));
    RETURN_IF_ERROR(
        store::append_event(tx, make_event(audit::type::role_change, actor, tenant.id, facts,
                                           {{"role", audit::Value::registered(role.key)},
                                            {"change", "added"},
                                            {"new", audit::Value::registered(rights::to_words(role.permissions))}})));
    return role.id;
  });
}

base::Result<bool> change_role(const House& house, const rights::Actor& actor, const RoleOfTenant& which,
                               const RoleWish& wish, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_contexts, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const Found before, find_own(tx, actor, which));
    if (wish.version && *wish.version != before.role.version) {
      return base::fail(base::Code::conflict, "the role was changed meanwhile");
    }
    rights::OwnRole after = before.role;
    RETURN_IF_ERROR(apply(actor, wish, after));
    if (after.name == before.role.name && after.permissions == before.role.permissions) return false;
    RETURN_IF_ERROR(demand_way_back(actor, after));
    ASSIGN_OR_RETURN(const bool is_written, store::update_role(tx, after));
    if (!is_written) return base::fail(base::Code::conflict, "the role was changed meanwhile");
    RETURN_IF_ERROR(record(tx, actor, before, &after, facts));
    return true;
  });
}

base::Result<RoleEffect> preview_role_change(const House& house, const rights::Actor& actor, const RoleOfTenant& which,
                                             const RoleWish& wish, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_contexts));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<RoleEffect> {
    ASSIGN_OR_RETURN(const Found before, find_own(tx, actor, which));
    if (wish.version && *wish.version != before.role.version) {
      return base::fail(base::Code::conflict, "the role was changed meanwhile");
    }
    rights::OwnRole after = before.role;
    RETURN_IF_ERROR(apply(actor, wish, after));
    RoleEffect effect;
    effect.gained = after.permissions.without(before.role.permissions);
    effect.lost = before.role.permissions.without(after.permissions);
    effect.locks_out_actor = !demand_way_back(actor, after).has_value();
    ASSIGN_OR_RETURN(const auto contexts, list_contexts_with(tx, after));
    effect.contexts = static_cast<std::int64_t>(contexts.size());
    ASSIGN_OR_RETURN(effect.accounts, store::count_holders_of_role(tx, after, now, counted_exactly + 1));
    return effect;
  });
}

base::Result<void> delete_role(const House& house, const rights::Actor& actor, const RoleOfTenant& which,
                               const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_contexts, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const Found before, find_own(tx, actor, which));
    ASSIGN_OR_RETURN(const bool is_used, store::is_role_used(tx, before.role));
    if (is_used) return base::fail(base::Code::conflict, "a context has the role");
    RETURN_IF_ERROR(store::delete_role(tx, before.role.id));
    return record(tx, actor, before, nullptr, facts);
  });
}

}  // namespace flow
