#include "store/group/groups.hpp"

#include "identity/identifier/login_name.hpp"
#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr SqlPart columns = "id, tenant_id, name, display";

Group read_group(const Row& row) {
  Fields field(row);
  Group group{field.id(), field.id(), field.text(), field.text()};
  // An older program renames without it.
  if (identity::folded(group.shown).value_or(std::string()) != group.name) group.shown = group.name;
  return group;
}

Member read_member(const Row& row) {
  Fields field(row);
  return {field.id(), field.text()};
}

}  // namespace

base::Result<void> insert_group(Tx& tx, const Group& group) {
  ASSIGN_OR_RETURN(const std::int64_t added,
                   tx.run("INSERT INTO group_(id, tenant_id, name, display) VALUES ($1, $2, $3, $4) ON CONFLICT DO "
                          "NOTHING",
                          {group.id, group.tenant_id, group.name, group.shown}));
  if (added == 0) return base::fail(base::Code::already_exists, "the group " + group.name + " exists");
  return {};
}

base::Result<std::optional<Group>> find_group(Tx& tx, const base::Id& tenant_id, std::string_view name) {
  return tx.find_one(sql<"SELECT ", columns, " FROM group_ WHERE tenant_id = $1 AND name = $2">, {tenant_id, name},
                     read_group);
}

base::Result<std::optional<Group>> find_group(Tx& tx, const base::Id& id) {
  return tx.find_one(sql<"SELECT ", columns, " FROM group_ WHERE id = $1">, {id}, read_group);
}

base::Result<void> rename_group(Tx& tx, const Group& group) {
  return expect_changed(
      tx.run("UPDATE group_ SET name = $2, display = $3 WHERE id = $1", {group.id, group.name, group.shown}),
      "the group");
}

base::Result<std::vector<Group>> list_groups(Tx& tx, const base::Id& tenant_id) {
  return tx.find_all(sql<"SELECT ", columns, " FROM group_ WHERE tenant_id = $1 ORDER BY name">, {tenant_id},
                     read_group);
}

base::Result<std::vector<Group>> list_groups_of(Tx& tx, const base::Id& account_id) {
  return tx.find_all(
      "SELECT g.id, g.tenant_id, g.name, g.display FROM group_member m JOIN group_ g ON g.id = m.group_id "
      "WHERE m.account_id = $1 ORDER BY g.name",
      {account_id}, read_group);
}

base::Result<bool> add_member(Tx& tx, const base::Id& group_id, const base::Id& account_id) {
  ASSIGN_OR_RETURN(const auto tenant,
                   tx.find_one("SELECT tenant_id FROM account WHERE id = $1", {account_id}, read_id));
  if (!tenant) return base::fail(base::Code::not_found, "the account does not exist");
  ASSIGN_OR_RETURN(const std::int64_t added, tx.run("INSERT INTO group_member(account_id, group_id, tenant_id) "
                                                    "VALUES ($1, $2, $3) ON CONFLICT (account_id, group_id) DO NOTHING",
                                                    {account_id, group_id, *tenant}));
  return added != 0;
}

base::Result<bool> remove_member(Tx& tx, const base::Id& group_id, const base::Id& account_id) {
  ASSIGN_OR_RETURN(const std::int64_t removed,
                   tx.run("DELETE FROM group_member WHERE account_id = $1 AND group_id = $2", {account_id, group_id}));
  return removed != 0;
}

base::Result<std::vector<Member>> list_members(Tx& tx, const base::Id& group_id, const base::Id& after,
                                               std::size_t most) {
  return tx.find_all(
      "SELECT m.account_id, i.display FROM group_member m "
      "LEFT JOIN identifier i ON i.account_id = m.account_id AND i.type = 'login' AND i.valid_until IS NULL "
      "WHERE m.group_id = $1 AND m.account_id > $2 ORDER BY m.account_id LIMIT $3",
      {group_id, after, most}, read_member);
}

base::Result<std::vector<Member>> list_members_back(Tx& tx, const base::Id& group_id,
                                                    const std::optional<base::Id>& before, std::size_t most) {
  return tx.find_all(
      "SELECT m.account_id, i.display FROM group_member m "
      "LEFT JOIN identifier i ON i.account_id = m.account_id AND i.type = 'login' AND i.valid_until IS NULL "
      "WHERE m.group_id = $1 AND m.account_id < $2 ORDER BY m.account_id DESC LIMIT $3",
      {group_id, before.value_or(last_id()), most}, read_member);
}

base::Result<std::int64_t> count_members(Tx& tx, const base::Id& group_id, std::int64_t most) {
  ASSIGN_OR_RETURN(
      const auto count,
      tx.find_one("SELECT count(*) FROM (SELECT 1 FROM group_member WHERE group_id = $1 LIMIT $2) AS counted",
                  {group_id, most}, read_integer));
  return count.value_or(0);
}

base::Result<void> delete_group(Tx& tx, const base::Id& group_id) {
  RETURN_IF_ERROR(tx.run("DELETE FROM group_member WHERE group_id = $1", {group_id}));
  return expect_changed(tx.run("DELETE FROM group_ WHERE id = $1", {group_id}), "the group");
}

}  // namespace store
