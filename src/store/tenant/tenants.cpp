#include "store/tenant/tenants.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr SqlPart columns = "t.id, t.name, t.settings, t.key, t.parent_id, t.locale, t.version";

// A tenant and all below it. UNION, so that it ends even if there were a circle.
constexpr SqlPart from_here =
    "WITH RECURSIVE here(id) AS (SELECT f.id FROM tenant f WHERE f.id = $1 UNION SELECT t.id FROM tenant t JOIN here h "
    "ON t.parent_id = h.id) ";

// A tenant and all above it, which are few. The bound ends a circle.
constexpr SqlPart up_from =
    "WITH RECURSIVE up(id, parent_id, steps) AS (SELECT f.id, f.parent_id, 0 FROM tenant f WHERE f.id = $1 UNION ALL "
    "SELECT t.id, t.parent_id, u.steps + 1 FROM tenant t JOIN up u ON t.id = u.parent_id WHERE u.steps < 32) ";

Tenant read_tenant(const Row& row) {
  Fields field(row);
  Tenant tenant;
  tenant.id = field.id();
  tenant.name = field.text();
  tenant.settings = field.text();
  tenant.key = field.text();
  tenant.parent_id = field.optional_id();
  tenant.locale = field.text();
  tenant.version = field.integer();
  return tenant;
}

}  // namespace

base::Result<Tenant> find_first_tenant(Tx& tx) {
  ASSIGN_OR_RETURN(
      auto tenant,
      tx.find_one(sql<"SELECT ", columns, " FROM tenant t WHERE t.parent_id IS NULL ORDER BY t.id LIMIT 1">, {},
                  read_tenant));
  if (!tenant) return base::fail(base::Code::not_found, "there is no tenant");
  return std::move(*tenant);
}

base::Result<std::optional<Tenant>> find_tenant(Tx& tx, const base::Id& id) {
  return tx.find_one(sql<"SELECT ", columns, " FROM tenant t WHERE t.id = $1">, {id}, read_tenant);
}

base::Result<std::optional<Tenant>> find_tenant_by_key(Tx& tx, std::string_view key) {
  return tx.find_one(sql<"SELECT ", columns, " FROM tenant t WHERE t.key = $1 AND t.key <> ''">, {key}, read_tenant);
}

base::Result<void> insert_tenant(Tx& tx, const Tenant& tenant) {
  ASSIGN_OR_RETURN(const std::int64_t added,
                   tx.run("INSERT INTO tenant(id, name, settings, key, parent_id, locale, version) "
                          "VALUES ($1, $2, $3, $4, $5, $6, 1) ON CONFLICT DO NOTHING",
                          {tenant.id, tenant.name, tenant.settings, tenant.key, tenant.parent_id, tenant.locale}));
  if (added == 0) return base::fail(base::Code::already_exists, "the tenant " + tenant.key + " exists");
  return {};
}

base::Result<bool> update_tenant(Tx& tx, const Tenant& tenant) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   tx.run("UPDATE tenant SET name = $3, settings = $4, locale = $5, version = version + 1 "
                          "WHERE id = $1 AND version = $2",
                          {tenant.id, tenant.version, tenant.name, tenant.settings, tenant.locale}));
  return changed == 1;
}

base::Result<std::vector<Tenant>> list_tenants_from(Tx& tx, const base::Id& id) {
  return tx.find_all(sql<from_here, "SELECT ", columns,
                         " FROM tenant t JOIN here h ON h.id = t.id "
                         "WHERE t.key NOT LIKE 'deleted:%' ORDER BY t.id">,
                     {id}, read_tenant);
}

base::Result<std::vector<base::Id>> list_tenant_ids_from(Tx& tx, const base::Id& id) {
  return tx.find_all(sql<from_here, "SELECT h.id FROM here h ORDER BY h.id">, {id}, read_id);
}

base::Result<std::vector<Tenant>> list_tenants_up(Tx& tx, const base::Id& id) {
  return tx.find_all(sql<up_from, "SELECT ", columns, " FROM up u JOIN tenant t ON t.id = u.id ORDER BY u.steps">, {id},
                     read_tenant);
}

base::Result<bool> is_tenant_below(Tx& tx, const base::Id& id, const base::Id& above) {
  ASSIGN_OR_RETURN(const auto found, tx.find_one(sql<up_from, "SELECT u.id FROM up u WHERE u.id = $2 AND u.steps > 0">,
                                                 {id, above}, read_id));
  return found.has_value();
}

base::Result<std::vector<Tenant>> list_tenants(Tx& tx) {
  return tx.find_all(sql<"SELECT ", columns, " FROM tenant t WHERE t.key NOT LIKE 'deleted:%' ORDER BY t.id">, {},
                     read_tenant);
}

base::Result<std::vector<TenantTitle>> list_tenant_titles(Tx& tx, const std::optional<base::Id>& from) {
  const auto read = [](const Row& row) {
    Fields field(row);
    TenantTitle title;
    title.id = field.id();
    title.key = field.text();
    title.name = field.text();
    return title;
  };
  if (!from)
    return tx.find_all("SELECT id, key, name FROM tenant WHERE key NOT LIKE 'deleted:%' ORDER BY id", {}, read);
  return tx.find_all(
      sql<from_here,
          "SELECT t.id, t.key, t.name FROM tenant t JOIN here h ON h.id = t.id WHERE t.key NOT LIKE 'deleted:%' "
          "ORDER BY t.id">,
      {*from}, read);
}

}  // namespace store
