// Tenants (S2.4) with their look.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "store/engine/store.hpp"

namespace store {

struct Tenant {
  base::Id id;
  std::string name;
  std::string settings;  // JSON object: {"brand":{"name":…,"accent":"#0b5cad","accent_dark":"#…","logo_svg":…}}
};
/// The first tenant: made by the first migration, with the name "Chancery".
base::Result<Tenant> find_first_tenant(Tx& tx);
base::Result<std::optional<Tenant>> find_tenant(Tx& tx, const base::Id& id);
base::Result<void> update_tenant(Tx& tx, const Tenant& tenant);

/// Marks of the installation: "demo" = "1", "installation_id", … nullopt = not set.
base::Result<std::optional<std::string>> find_mark(Tx& tx, std::string_view name);
base::Result<void> set_mark(Tx& tx, std::string_view name, std::string_view value);

}  // namespace store
