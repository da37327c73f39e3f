// Deletes a tenant in which nothing is left (docs/decisions/0089). The first tenant is never deleted, and nobody
// deletes the own one. Its audit events stay, and the chain verifies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

/// One thing that is left in a tenant.
struct LeftInTenant {
  /// account | client_system | tenant | client | resource_server | authority | trust_anchor | credential | policy
  /// (bound to something of another tenant) | rule (of a resource server of another tenant, which names a group of this
  /// one)
  std::string_view kind;
  base::Id id;
  std::string name;      // for people; "" = it has none, or the actor does not reach it
  bool goes_on = false;  // there are more of the kind, which are not listed
};
struct TenantRemains {
  base::Id id;
  std::string name;
  bool is_first = false;           // of the installation
  bool is_own = false;             // of the actor
  std::vector<LeftInTenant> left;  // at most 5 of each kind
  [[nodiscard]] bool may_go() const { return !is_first && !is_own && left.empty(); }
};
/// What stands in the way of the deletion. `tenant`: as in find_managed_tenant. Errors: denied, not_found.
base::Result<TenantRemains> find_tenant_remains(const House& house, const rights::Actor& actor, std::string_view tenant,
                                                base::Time now);
/// Judges it in the transaction; if nothing stands in the way (may_go), the tenant is deleted with its contexts,
/// groups, roles, policies, look, features and tokens for registrations. Otherwise nothing is done. Needs a fresh
/// proof. Errors: denied, not_found (also if it was deleted before).
base::Result<TenantRemains> delete_tenant(const House& house, const rights::Actor& actor, std::string_view tenant,
                                          const RequestFacts& facts);

}  // namespace flow
