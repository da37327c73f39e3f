#include "flow/house/find_tenant.hpp"

#include <optional>

#include "store/account/account_search.hpp"

namespace flow {

base::Result<store::Tenant> find_managed_tenant(store::Tx& tx, const rights::Actor& actor, std::string_view named) {
  if (named.empty() && actor.is_operator()) return store::find_first_tenant(tx);
  std::optional<store::Tenant> tenant;
  if (named.empty()) {
    ASSIGN_OR_RETURN(tenant, store::find_tenant(tx, actor.account().tenant_id));
  } else if (const auto id = base::Id::parse(named)) {
    ASSIGN_OR_RETURN(tenant, store::find_tenant(tx, *id));
  } else {
    ASSIGN_OR_RETURN(tenant, store::find_tenant_by_key(tx, named));
  }
  if (!tenant || !actor.reaches(tenant->id)) {
    return base::fail(base::Code::not_found, "there is no tenant " + std::string(named));
  }
  return *std::move(tenant);
}

base::Result<std::vector<store::Tenant>> list_managed_tenants(store::Tx& tx, const rights::Actor& actor) {
  if (actor.may(rights::Permission::administer_all)) return store::list_tenants(tx);
  return store::list_tenants_from(tx, actor.account().tenant_id);
}

base::Result<std::vector<base::Id>> list_reached(store::Tx& tx, const rights::Actor& actor) {
  if (actor.may(rights::Permission::administer_all)) return store::list_tenant_ids(tx);
  return actor.tenants();
}

}  // namespace flow
