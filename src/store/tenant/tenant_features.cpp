#include "store/tenant/tenant_features.hpp"

#include "store/driver/sql.hpp"

namespace store {

base::Result<std::optional<TenantFeature>> find_feature_in_force(Tx& tx, const base::Id& tenant_id,
                                                                 std::string_view feature) {
  // The bound ends a circle.
  return tx.find_one(
      "WITH RECURSIVE up(id, parent_id, steps) AS (SELECT f.id, f.parent_id, 0 FROM tenant f WHERE f.id = $1 UNION ALL "
      "SELECT t.id, t.parent_id, u.steps + 1 FROM tenant t JOIN up u ON t.id = u.parent_id WHERE u.steps < 32) "
      "SELECT f.tenant_id, f.feature, f.state, f.since, f.changed_by, f.is_seen FROM up u "
      "JOIN tenant_feature f ON f.tenant_id = u.id AND f.feature = $2 ORDER BY u.steps LIMIT 1",
      {tenant_id, feature}, [](const Row& row) {
        Fields field(row);
        TenantFeature read;
        read.tenant_id = field.id();
        read.feature = field.text();
        read.state = field.text();
        read.since = field.time();
        read.changed_by = field.optional_id();
        read.is_seen = field.flag();
        return read;
      });
}

base::Result<std::vector<base::Id>> list_feature_heirs(Tx& tx, const base::Id& tenant_id, std::string_view feature,
                                                       std::int64_t most) {
  return tx.find_all(
      "WITH RECURSIVE down(id, steps) AS (SELECT f.id, 0 FROM tenant f WHERE f.id = $1 UNION ALL "
      "SELECT t.id, d.steps + 1 FROM tenant t JOIN down d ON t.parent_id = d.id WHERE d.steps < 32 AND NOT EXISTS "
      "(SELECT 1 FROM tenant_feature o WHERE o.tenant_id = t.id AND o.feature = $2)) "
      "SELECT d.id FROM down d WHERE d.steps > 0 ORDER BY d.id LIMIT $3",
      {tenant_id, feature, most}, read_id);
}

base::Result<void> put_tenant_feature(Tx& tx, const TenantFeature& row) {
  return without_count(
      tx.run("INSERT INTO tenant_feature(tenant_id, feature, state, since, changed_by, is_seen) "
             "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, feature) DO UPDATE SET state = $3, since = $4, "
             "changed_by = $5, is_seen = $6",
             {row.tenant_id, row.feature, row.state, row.since, row.changed_by, row.is_seen}));
}

base::Result<bool> note_feature_seen(Tx& tx, const base::Id& tenant_id, std::string_view feature) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   tx.run("UPDATE tenant_feature SET is_seen = 1 WHERE tenant_id = $1 AND feature = $2 AND is_seen = 0",
                          {tenant_id, feature}));
  return changed > 0;
}

}  // namespace store
