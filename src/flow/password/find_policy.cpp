#include "flow/password/find_policy.hpp"

#include "base/time.hpp"
#include "flow/house/brand.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/password/breached_passwords.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/engine/store.hpp"
#include "store/password/passwords.hpp"
#include "store/password/policies.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {

base::Result<void> prepare_policies(const House& house, store::Tx& tx, const base::Id& tenant_id, base::Time now) {
  ASSIGN_OR_RETURN(const auto there, store::list_policies(tx, tenant_id));
  if (!there.empty()) return {};
  store::StoredPolicy first;
  first.id = base::Id::make(now);
  first.tenant_id = tenant_id;
  first.policy = house.settings.site.demo ? identity::classic() : identity::nist_800_63b();
  if (house.settings.site.demo) first.policy.max_age = first.policy.remind_before = base::Duration(0);
  RETURN_IF_ERROR(store::insert_policy(tx, first, now));
  return store::bind_policy(tx, first.id, store::PolicyScope::tenant, tenant_id);
}

base::Result<identity::PasswordPolicy> find_policy_for(const House& house, const Visitor& visitor, base::Time now) {
  return house.store.read([&](store::Tx& tx) -> base::Result<identity::PasswordPolicy> {
    if (visitor.account() != nullptr) {
      ASSIGN_OR_RETURN(PolicyInForce own, find_policy(tx, *visitor.account(), now));
      return std::move(own.policy);
    }
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    ASSIGN_OR_RETURN(const auto bound, store::list_policies_of(tx, store::PolicyScope::tenant, tenant.id));
    return identity::strictest(bound);
  });
}

base::Result<identity::PasswordFacts> find_password_facts(store::Tx& tx, const identity::Account& account) {
  identity::PasswordFacts facts;
  facts.login = account.login;
  facts.email = account.email;
  for (const std::string& name : {account.given_name, account.family_name}) {
    if (!name.empty()) facts.names.push_back(name);
  }
  facts.service = {std::string(product_name)};
  ASSIGN_OR_RETURN(const auto tenant, store::find_tenant(tx, account.tenant_id));
  if (tenant) {
    facts.service.push_back(tenant->name);
    facts.service.push_back(read_brand(*tenant).name);
  }
  return facts;
}

base::Result<PasswordPreview> preview_password(const House& house, const identity::PasswordPolicy& policy,
                                               identity::PasswordFacts facts, std::string_view typed) {
  ASSIGN_OR_RETURN(facts.breached, is_breached(house, typed));
  return PasswordPreview{identity::find_flaws(typed, policy, facts), identity::rate(typed, facts)};
}

base::Result<PasswordPreview> preview_password(const House& house, const Visitor& visitor, std::string_view typed,
                                               base::Time now) {
  if (visitor.account() == nullptr) return base::fail(base::Code::login_failed, "nobody is logged in");
  if (visitor.actor) RETURN_IF_ERROR(demand_in_person(*visitor.actor));
  ASSIGN_OR_RETURN(const identity::PasswordPolicy policy, find_policy_for(house, visitor, now));
  ASSIGN_OR_RETURN(identity::PasswordFacts facts,
                   house.store.read([&](store::Tx& tx) { return find_password_facts(tx, *visitor.account()); }));
  return preview_password(house, policy, std::move(facts), typed);
}

base::Result<std::optional<identity::PasswordState>> find_password_state(const House& house, const Visitor& visitor,
                                                                         base::Time now) {
  const identity::Account* account = visitor.account();
  if (account == nullptr) return base::fail(base::Code::login_failed, "nobody is logged in");
  return house.store.read([&](store::Tx& tx) -> base::Result<std::optional<identity::PasswordState>> {
    ASSIGN_OR_RETURN(const auto password, store::find_password(tx, account->id));
    if (!password) return std::nullopt;
    ASSIGN_OR_RETURN(const PolicyInForce in_force, find_policy(tx, *account, now));
    return identity::state_of({password->origin, password->set_at, false}, in_force.policy, now);
  });
}

}  // namespace flow
