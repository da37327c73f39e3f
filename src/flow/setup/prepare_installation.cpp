#include "flow/setup/prepare_installation.hpp"

#include "flow/password/find_policy.hpp"
#include "rights/context.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/engine/store.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {

base::Result<void> prepare_installation(const House& house, base::Time now) {
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    RETURN_IF_ERROR(prepare_policies(house, tx, tenant.id, now));
    const struct {
      const char* key;
      const char* name;
      rights::Role role;
    } wanted[] = {{"user", "context.user", rights::Role::user},
                  {"administrator", "context.administrator", rights::Role::account_administrator},
                  {"super_administrator", "context.super_administrator", rights::Role::super_administrator}};
    for (const auto& one : wanted) {
      ASSIGN_OR_RETURN(const auto there, store::find_context_by_key(tx, tenant.id, one.key));
      if (there) continue;
      rights::ActingContext context;
      context.id = base::Id::make(now);
      context.tenant_id = tenant.id;
      context.key = one.key;
      context.name = one.name;
      context.role = one.role;
      RETURN_IF_ERROR(store::insert_context(tx, context));
    }
    return {};
  });
}

}  // namespace flow
