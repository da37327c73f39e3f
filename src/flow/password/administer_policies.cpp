#include "flow/password/administer_policies.hpp"

#include <algorithm>
#include <optional>

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/group/groups.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

base::Result<std::optional<store::StoredPolicy>> find_named(store::Tx& tx, const base::Id& tenant_id,
                                                            std::string_view name) {
  ASSIGN_OR_RETURN(auto all, store::list_policies(tx, tenant_id));
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.policy.name == name; });
  if (found == all.end()) return std::nullopt;
  return std::move(*found);
}

base::Result<base::Id> find_scope(store::Tx& tx, const base::Id& tenant_id, store::PolicyScope scope,
                                  std::string_view whose) {
  if (scope == store::PolicyScope::tenant) return tenant_id;
  if (scope == store::PolicyScope::group) {
    const auto group = find_group_of(tx, tenant_id, whose);
    if (group) return group->id;
    if (group.error().code != base::Code::not_found) return tl::unexpected(group.error());
  } else if (const auto id = base::Id::parse(whose)) {
    ASSIGN_OR_RETURN(const auto context, store::find_context(tx, *id));
    if (context && context->tenant_id == tenant_id) return context->id;
  } else {
    ASSIGN_OR_RETURN(const auto context, store::find_context_by_key(tx, tenant_id, whose));
    if (context) return context->id;
  }
  return base::fail(base::Code::not_found, "there is no " + std::string(name_of(scope)) + " " + std::string(whose));
}

std::string print(const PolicyRules& rules) {
  std::string all;
  for (const auto& [rule, value] : rules) all.append(all.empty() ? "" : ", ").append(rule).append("=").append(value);
  return all;
}

struct BindingChange {
  base::Result<void> (*write)(store::Tx&, const base::Id&, store::PolicyScope, const base::Id&);
  audit::Code recorded_as;
};

base::Result<void> change_binding(const House& house, const rights::Actor& actor, const PolicyBinding& binding,
                                  const BindingChange& change, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_policies, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, find_managed_tenant(tx, actor, binding.tenant));
    ASSIGN_OR_RETURN(const auto policy, find_named(tx, tenant.id, binding.policy));
    if (!policy) return base::fail(base::Code::not_found, "there is no policy " + std::string(binding.policy));
    ASSIGN_OR_RETURN(const base::Id scope_id, find_scope(tx, tenant.id, binding.scope, binding.whose));
    RETURN_IF_ERROR(change.write(tx, policy->id, binding.scope, scope_id));
    if (binding.scope == store::PolicyScope::tenant) {
      ASSIGN_OR_RETURN(const auto below, store::list_tenant_ids_from(tx, tenant.id));
      for (const base::Id& one : below) RETURN_IF_ERROR(change.write(tx, policy->id, binding.scope, one));
    }
    return store::append_event(tx, make_event(audit::type::policy_change, actor, tenant.id, facts,
                                              {{"policy", audit::Value::registered(binding.policy)},
                                               {change.recorded_as, binding.scope},
                                               {"whose", audit::Value::registered(binding.whose)}}));
  });
}

}  // namespace

base::Result<std::vector<store::StoredPolicy>> list_policies(const House& house, const rights::Actor& actor,
                                                             std::string_view tenant) {
  RETURN_IF_ERROR(demand_one_of(actor, {rights::Permission::manage_policies, rights::Permission::read_settings}));
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<store::StoredPolicy>> {
    ASSIGN_OR_RETURN(const store::Tenant found, find_managed_tenant(tx, actor, tenant));
    return store::list_policies(tx, found.id);
  });
}

base::Result<base::Id> set_policy(const House& house, const rights::Actor& actor, const PolicyWish& wish,
                                  const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_policies, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<base::Id> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, find_managed_tenant(tx, actor, wish.tenant));
    ASSIGN_OR_RETURN(const auto there, find_named(tx, tenant.id, wish.name));
    if (there && wish.must_be_new) {
      return base::fail(base::Code::already_exists, "the policy " + std::string(wish.name) + " exists");
    }
    if (there && wish.version && *wish.version != there->policy.version) {
      return base::fail(base::Code::conflict, "the policy was changed meanwhile");
    }
    identity::PasswordPolicy begun = there ? there->policy : identity::nist_800_63b();
    if (!wish.preset.empty()) {
      ASSIGN_OR_RETURN(begun, identity::find_preset(wish.preset));
    }
    auto map = identity::to_map(begun);
    for (const auto& [rule, value] : wish.rules) map[rule] = value;
    map["name"] = wish.name;
    ASSIGN_OR_RETURN(const identity::PasswordPolicy policy, identity::from_map(map));
    const base::Id id = there ? there->id : base::Id::make(facts.now);
    if (there) {
      RETURN_IF_ERROR(store::update_policy(tx, there->id, policy, facts.now));
    } else {
      RETURN_IF_ERROR(store::insert_policy(tx, {id, tenant.id, policy}, facts.now));
    }
    RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::policy_change, actor, tenant.id, facts,
                                                       {{"policy", audit::Value::registered(wish.name)},
                                                        {"preset", audit::Value::registered(wish.preset)},
                                                        {"rules", audit::Value::registered(print(wish.rules))}})));
    return id;
  });
}

base::Result<void> bind_policy(const House& house, const rights::Actor& actor, const PolicyBinding& binding,
                               const RequestFacts& facts) {
  return change_binding(house, actor, binding, {store::bind_policy, "bound_to"}, facts);
}

base::Result<void> unbind_policy(const House& house, const rights::Actor& actor, const PolicyBinding& binding,
                                 const RequestFacts& facts) {
  return change_binding(house, actor, binding, {store::unbind_policy, "unbound_from"}, facts);
}

}  // namespace flow
