#include "flow/client/serve_tenant.hpp"

#include "store/tenant/tenants.hpp"

namespace flow {

base::Result<bool> serves_from_above(store::Tx& tx, const rights::Client& client, const base::Id& tenant_id) {
  if (!client.for_tenants_below || client.tenant_id == tenant_id) return false;
  return store::is_tenant_below(tx, tenant_id, client.tenant_id);
}

base::Result<bool> serves(store::Tx& tx, const rights::Client& client, const base::Id& tenant_id) {
  if (client.tenant_id == tenant_id) return true;
  return serves_from_above(tx, client, tenant_id);
}

}  // namespace flow
