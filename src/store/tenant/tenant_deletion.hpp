// What stands in the way of the deletion of a tenant, and the deletion (docs/decisions/0089). The row stays without its
// key, settings and language, because erased accounts and deleted applications refer to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"
#include "store/tenant/tenants.hpp"

namespace store {

/// Begins the key of a tenant that was deleted, and of no other one (rights::check_key).
inline constexpr std::string_view deleted_tenant = "deleted:";
inline bool is_deleted(const Tenant& tenant) {
  return tenant.key.starts_with(deleted_tenant);
}

/// What can be left in a tenant.
enum class RemainsKind : std::uint8_t {
  account,
  client_system,
  tenant,  // below it
  client,
  resource_server,
  authority,  // own, not revoked and not over
  trust_anchor,
  credential,  // seal of the tenant
  policy       // bound to something of another tenant
};
struct Remains {
  RemainsKind kind{};
  base::Id id;
  std::string name;  // login, key, client id, identifier, subject, label, name; "" = it has none
};
/// At most `most` of each kind (of accounts: and state), in the order of the kinds.
base::Result<std::vector<Remains>> list_remains(Tx& tx, const base::Id& tenant_id, base::Time now, std::int64_t most);

/// Only if nothing remains: deletes what belongs to the tenant alone (contexts, roles, groups, policies with their
/// bindings, features, tokens for registrations) and marks the row. Errors: conflict (the row
/// was changed meanwhile).
base::Result<void> delete_tenant(Tx& tx, const Tenant& tenant);

/// The deleted ones among the tenant and those below it, at any depth; none: among all. By id.
base::Result<std::vector<TenantTitle>> list_deleted_tenant_titles(Tx& tx, const std::optional<base::Id>& from);

}  // namespace store
