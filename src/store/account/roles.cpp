#include "store/account/roles.hpp"

#include "base/log.hpp"
#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr SqlPart columns = "id, tenant_id, key, name, permissions, version";

class RoleReader {
 public:
  void operator()(const Row& row) {
    Fields field(row);
    rights::OwnRole role;
    role.id = field.id();
    role.tenant_id = field.id();
    role.key = field.text();
    role.name = field.text();
    const auto permissions = rights::parse_permissions(field.view());
    role.version = field.integer();
    if (!permissions) {
      base::log(base::Level::error, "a role cannot be read",
                {{"role", role.key}, {"reason", permissions.error().reason}});
      return;
    }
    // A role that was stored before a personal permission came has it too.
    role.permissions = permissions->with(rights::personal_permissions);
    roles.push_back(std::move(role));
  }
  std::vector<rights::OwnRole> roles;
};

}  // namespace

base::Result<std::vector<rights::OwnRole>> list_roles(Tx& tx, const base::Id& tenant_id) {
  RoleReader reader;
  RETURN_IF_ERROR(
      tx.query(sql<"SELECT ", columns, " FROM own_role WHERE tenant_id = $1 ORDER BY key">, {tenant_id}, reader));
  return std::move(reader.roles);
}

base::Result<std::optional<rights::OwnRole>> find_role(Tx& tx, const base::Id& tenant_id, std::string_view key) {
  RoleReader reader;
  RETURN_IF_ERROR(
      tx.query(sql<"SELECT ", columns, " FROM own_role WHERE tenant_id = $1 AND key = $2">, {tenant_id, key}, reader));
  if (reader.roles.empty()) return std::nullopt;
  return std::move(reader.roles.front());
}

base::Result<std::optional<rights::OwnRole>> find_role(Tx& tx, const base::Id& id) {
  RoleReader reader;
  RETURN_IF_ERROR(tx.query(sql<"SELECT ", columns, " FROM own_role WHERE id = $1">, {id}, reader));
  if (reader.roles.empty()) return std::nullopt;
  return std::move(reader.roles.front());
}

base::Result<void> insert_role(Tx& tx, const rights::OwnRole& role) {
  ASSIGN_OR_RETURN(
      const std::int64_t added,
      tx.run("INSERT INTO own_role(id, tenant_id, key, name, permissions, version) VALUES ($1, $2, $3, $4, $5, 1) "
             "ON CONFLICT DO NOTHING",
             {role.id, role.tenant_id, role.key, role.name, rights::to_words(role.permissions)}));
  if (added == 0) return base::fail(base::Code::already_exists, "the role " + role.key + " exists");
  return {};
}

base::Result<bool> update_role(Tx& tx, const rights::OwnRole& role) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   tx.run("UPDATE own_role SET name = $3, permissions = $4, version = version + 1 "
                          "WHERE id = $1 AND version = $2",
                          {role.id, role.version, role.name, rights::to_words(role.permissions)}));
  return changed == 1;
}

base::Result<bool> is_role_used(Tx& tx, const rights::OwnRole& role) {
  ASSIGN_OR_RETURN(const auto found,
                   tx.find_one("SELECT 1 FROM acting_context WHERE tenant_id = $1 AND role = $2 LIMIT 1",
                               {role.tenant_id, role.key}, read_integer));
  return found.has_value();
}

base::Result<void> delete_role(Tx& tx, const base::Id& id) {
  return expect_changed(tx.run("DELETE FROM own_role WHERE id = $1", {id}), "the role");
}

}  // namespace store
