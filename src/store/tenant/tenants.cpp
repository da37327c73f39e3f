#include "store/tenant/tenants.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr SqlPart columns = "id, name, settings";

Tenant read_tenant(const Row& row) {
  Fields field(row);
  return {field.id(), field.text(), field.text()};
}

}  // namespace

base::Result<Tenant> find_first_tenant(Tx& tx) {
  ASSIGN_OR_RETURN(auto tenant,
                   tx.find_one(sql<"SELECT ", columns, " FROM tenant ORDER BY id LIMIT 1">, {}, read_tenant));
  if (!tenant) return base::fail(base::Code::not_found, "there is no tenant");
  return std::move(*tenant);
}

base::Result<std::optional<Tenant>> find_tenant(Tx& tx, const base::Id& id) {
  return tx.find_one(sql<"SELECT ", columns, " FROM tenant WHERE id = $1">, {id}, read_tenant);
}

base::Result<void> update_tenant(Tx& tx, const Tenant& tenant) {
  return expect_changed(
      tx.run("UPDATE tenant SET name = $2, settings = $3 WHERE id = $1", {tenant.id, tenant.name, tenant.settings}),
      "the tenant");
}

}  // namespace store
