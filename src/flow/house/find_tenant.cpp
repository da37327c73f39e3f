#include "flow/house/find_tenant.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include "store/account/account_search.hpp"
#include "store/tenant/tenant_deletion.hpp"

namespace flow {
namespace {

base::Error no_tenant(std::string_view named) {
  return {base::Code::not_found, "there is no tenant " + std::string(named)};
}

/// Also one that was deleted.
base::Result<store::Tenant> find_reached_tenant(store::Tx& tx, const rights::Actor& actor, std::string_view named) {
  if (named.empty() && actor.is_operator()) return store::find_first_tenant(tx);
  std::optional<store::Tenant> tenant;
  if (named.empty()) {
    ASSIGN_OR_RETURN(tenant, store::find_tenant(tx, actor.account().tenant_id));
  } else if (const auto id = base::Id::parse(named)) {
    ASSIGN_OR_RETURN(tenant, store::find_tenant(tx, *id));
  } else {
    ASSIGN_OR_RETURN(tenant, store::find_tenant_by_key(tx, named));
  }
  if (!tenant || !actor.reaches(tenant->id)) return tl::unexpected<base::Error>(no_tenant(named));
  return *std::move(tenant);
}

}  // namespace

base::Result<store::Tenant> find_managed_tenant(store::Tx& tx, const rights::Actor& actor, std::string_view named) {
  ASSIGN_OR_RETURN(store::Tenant tenant, find_reached_tenant(tx, actor, named));
  if (store::is_deleted(tenant)) return tl::unexpected<base::Error>(no_tenant(named));
  return tenant;
}

base::Result<std::vector<store::Tenant>> list_managed_tenants(store::Tx& tx, const rights::Actor& actor) {
  if (actor.may(rights::Permission::administer_all)) return store::list_tenants(tx);
  return store::list_tenants_from(tx, actor.account().tenant_id);
}

base::Result<std::vector<base::Id>> list_reached(store::Tx& tx, const rights::Actor& actor) {
  if (actor.may(rights::Permission::administer_all)) return store::list_tenant_ids(tx);
  return actor.tenants();
}

base::Result<std::optional<base::Id>> find_shown_tenant(store::Tx& tx, const rights::Actor& actor,
                                                        std::string_view named) {
  if (named.empty() && actor.may(rights::Permission::administer_all)) return std::optional<base::Id>();
  ASSIGN_OR_RETURN(const store::Tenant tenant, find_reached_tenant(tx, actor, named));
  return std::optional(tenant.id);
}

TenantName name_tenant(const rights::Actor& actor, const store::Tenant& tenant) {
  return {tenant.id, tenant.key, tenant.name, tenant.id == actor.account().tenant_id};
}

base::Result<TenantName> find_named_tenant(const House& house, const rights::Actor& actor, std::string_view named) {
  ASSIGN_OR_RETURN(const store::Tenant tenant,
                   house.store.read([&](store::Tx& tx) { return find_managed_tenant(tx, actor, named); }));
  return name_tenant(actor, tenant);
}

base::Result<std::vector<TenantName>> list_tenant_names(const House& house, const rights::Actor& actor) {
  const base::Id own = actor.account().tenant_id;
  const auto from = actor.may(rights::Permission::administer_all) ? std::nullopt : std::optional(own);
  ASSIGN_OR_RETURN(const auto titles,
                   house.store.read([&](store::Tx& tx) { return store::list_tenant_titles(tx, from); }));
  std::vector<TenantName> names;
  for (const store::TenantTitle& title : titles) {
    names.push_back({title.id, title.key, title.name, title.id == own});
  }
  std::sort(names.begin(), names.end(), [](const TenantName& a, const TenantName& b) {
    return std::tuple(!a.is_own, std::string_view(a.name), a.id) <
           std::tuple(!b.is_own, std::string_view(b.name), b.id);
  });
  return names;
}

base::Result<std::vector<TenantName>> list_deleted_tenants(const House& house, const rights::Actor& actor) {
  const auto from =
      actor.may(rights::Permission::administer_all) ? std::nullopt : std::optional(actor.account().tenant_id);
  ASSIGN_OR_RETURN(const auto titles,
                   house.store.read([&](store::Tx& tx) { return store::list_deleted_tenant_titles(tx, from); }));
  std::vector<TenantName> names;
  for (const store::TenantTitle& title : titles) names.push_back({title.id, title.key, title.name});
  return names;
}

}  // namespace flow
