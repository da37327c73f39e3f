// The features of a tenant (S1.10). A tenant without a row is as the one above it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

struct TenantFeature {
  base::Id tenant_id;  // whose row it is
  std::string feature;
  std::string state;  // off | ordered | on
  base::Time since;
  std::optional<base::Id> changed_by{};  // none: a command
  bool is_seen = false;                  // somebody has opened it since it was switched on
};
/// The row of the tenant, or else of the nearest one above it that has one; nullopt = nothing was ever set.
base::Result<std::optional<TenantFeature>> find_feature_in_force(Tx& tx, const base::Id& tenant_id,
                                                                 std::string_view feature);
/// The tenants below, at any depth, that are as this one because neither they nor one between has a row; at most
/// `most`.
base::Result<std::vector<base::Id>> list_feature_heirs(Tx& tx, const base::Id& tenant_id, std::string_view feature,
                                                       std::int64_t most);
base::Result<void> put_tenant_feature(Tx& tx, const TenantFeature& row);
/// False: it was seen before.
base::Result<bool> note_feature_seen(Tx& tx, const base::Id& tenant_id, std::string_view feature);

}  // namespace store
