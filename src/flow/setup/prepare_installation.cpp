#include "flow/setup/prepare_installation.hpp"

#include "flow/password/find_policy.hpp"
#include "flow/tenant/prepare_contexts.hpp"
#include "store/engine/store.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {

base::Result<void> prepare_installation(const House& house, base::Time now) {
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    RETURN_IF_ERROR(prepare_policies(house, tx, tenant.id, now));
    RETURN_IF_ERROR(prepare_contexts(tx, tenant.id, contexts_of_every_tenant, now));
    return prepare_contexts(tx, tenant.id, contexts_of_installation, now);
  });
}

}  // namespace flow
