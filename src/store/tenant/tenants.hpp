// Tenants (S2.4) and the look of their pages.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "store/engine/store.hpp"
#include "store/schema/marks.hpp"  // for the other rooms

namespace store {

struct Tenant {
  base::Id id;
  std::string name;
  std::string settings;  // JSON object: {"brand":{"name":…,"accent":"#0b5cad","accent_dark":"#…","logo_svg":…}}
  std::string key{};     // unique: "main", "clinic"
  std::optional<base::Id> parent_id{};  // whose administrators reach this one
  std::string locale{};                 // of those who have not chosen a language; "" = that of the installation
  std::int64_t version = 1;             // raised by each change
};
/// The first tenant: made by the first migration, with the name "Chancery" and the key "main".
base::Result<Tenant> find_first_tenant(Tx& tx);
base::Result<std::optional<Tenant>> find_tenant(Tx& tx, const base::Id& id);
base::Result<std::optional<Tenant>> find_tenant_by_key(Tx& tx, std::string_view key);
/// Errors: already_exists (the key).
base::Result<void> insert_tenant(Tx& tx, const Tenant& tenant);
/// Writes name, settings and language. False: another change came first (`version`).
base::Result<bool> update_tenant(Tx& tx, const Tenant& tenant);
/// The tenant itself, then those below it, at any depth, by id. Without those that were deleted.
base::Result<std::vector<Tenant>> list_tenants_from(Tx& tx, const base::Id& id);
/// Also of those that were deleted, because their audit events stay readable for who reads those above.
base::Result<std::vector<base::Id>> list_tenant_ids_from(Tx& tx, const base::Id& id);
/// The tenant itself, then the one above it, and so on.
base::Result<std::vector<Tenant>> list_tenants_up(Tx& tx, const base::Id& id);
base::Result<bool> is_tenant_below(Tx& tx, const base::Id& id, const base::Id& above);
/// By id, the first one first; without those that were deleted.
base::Result<std::vector<Tenant>> list_tenants(Tx& tx);

/// What a choice of tenants needs. Without the settings, which hold a logo.
struct TenantTitle {
  base::Id id;
  std::string key;
  std::string name;
};
/// Of the tenant and those below it, at any depth; none: of all. Without those that were deleted.
base::Result<std::vector<TenantTitle>> list_tenant_titles(Tx& tx, const std::optional<base::Id>& from);

}  // namespace store
