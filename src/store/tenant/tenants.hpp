// Tenants (S2.4) and the look of their pages.
#pragma once

#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/result.hpp"
#include "store/engine/store.hpp"
#include "store/schema/marks.hpp"  // for the other rooms

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

}  // namespace store
