#include "flow/tenant/delete_tenant.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "rights/resource.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/group/groups.hpp"
#include "store/oauth/resources.hpp"
#include "store/tenant/tenant_deletion.hpp"

namespace flow {
namespace {

constexpr std::int64_t most_listed = 5;

std::string_view name_of(store::RemainsKind kind) {
  switch (kind) {
    case store::RemainsKind::account: return "account";
    case store::RemainsKind::client_system: return "client_system";
    case store::RemainsKind::tenant: return "tenant";
    case store::RemainsKind::client: return "client";
    case store::RemainsKind::resource_server: return "resource_server";
    case store::RemainsKind::authority: return "authority";
    case store::RemainsKind::trust_anchor: return "trust_anchor";
    case store::RemainsKind::credential: return "credential";
    case store::RemainsKind::policy: break;
  }
  return "policy";
}

/// Takes one more of a kind; the one that is too many is only noted.
void add(std::vector<LeftInTenant>& left, LeftInTenant one) {
  const auto is_same = [&](const LeftInTenant& other) { return other.kind == one.kind; };
  if (std::count_if(left.begin(), left.end(), is_same) < most_listed) {
    left.push_back(std::move(one));
  } else {
    left.back().goes_on = true;
  }
}

/// A rule that names a group that is gone would fit nobody, and nobody would notice.
base::Result<void> add_rules(store::Tx& tx, const rights::Actor& actor, const base::Id& tenant_id,
                             std::vector<LeftInTenant>& left) {
  ASSIGN_OR_RETURN(const auto groups, store::list_groups(tx, tenant_id));
  if (groups.empty()) return {};
  ASSIGN_OR_RETURN(const auto servers, store::list_resource_servers(tx));
  for (const rights::ResourceServer& server : servers) {
    const bool names_one = std::any_of(groups.begin(), groups.end(),
                                       [&](const store::Group& one) { return rights::names_group(server, one.id); });
    if (server.tenant_id == tenant_id || !names_one) continue;
    const bool is_reached = actor.reaches(server.tenant_id);
    add(left, {"rule", is_reached ? server.id : base::Id(), is_reached ? server.identifier : std::string()});
  }
  return {};
}

struct Found {
  store::Tenant tenant;
  TenantRemains remains;
};

base::Result<Found> find(store::Tx& tx, const rights::Actor& actor, std::string_view tenant, base::Time now) {
  Found found;
  ASSIGN_OR_RETURN(found.tenant, find_managed_tenant(tx, actor, tenant));
  ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
  TenantRemains& remains = found.remains;
  remains.id = found.tenant.id;
  remains.name = found.tenant.name;
  // One without another above it is the root of its tree, and there is no other way to make one than the installation.
  remains.is_first = found.tenant.id == first.id || !found.tenant.parent_id;
  remains.is_own = !actor.is_operator() && actor.holder().tenant_id == found.tenant.id;
  ASSIGN_OR_RETURN(const auto all, store::list_remains(tx, found.tenant.id, now, most_listed + 1));
  for (const store::Remains& one : all) add(remains.left, {name_of(one.kind), one.id, one.name});
  RETURN_IF_ERROR(add_rules(tx, actor, found.tenant.id, remains.left));
  return found;
}

}  // namespace

base::Result<TenantRemains> find_tenant_remains(const House& house, const rights::Actor& actor, std::string_view tenant,
                                                base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_tenants));
  return house.store.read([&](store::Tx& tx) -> base::Result<TenantRemains> {
    ASSIGN_OR_RETURN(Found found, find(tx, actor, tenant, now));
    return std::move(found.remains);
  });
}

base::Result<TenantRemains> delete_tenant(const House& house, const rights::Actor& actor, std::string_view tenant,
                                          const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_tenants, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<TenantRemains> {
    ASSIGN_OR_RETURN(Found found, find(tx, actor, tenant, facts.now));
    if (!found.remains.may_go()) return std::move(found.remains);
    RETURN_IF_ERROR(store::delete_tenant(tx, found.tenant));
    RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::tenant_delete, actor, found.tenant.id, facts,
                                                       {{"tenant", audit::Value::registered(found.tenant.key)}})));
    return std::move(found.remains);
  });
}

}  // namespace flow
