#include "store/tenant/tenant_deletion.hpp"

#include <array>

#include "store/driver/sql.hpp"

namespace store {
namespace {

// One state at a time, because the index of accounts by state then finds these rows and reads no others.
constexpr SqlPart living =
    "SELECT a.id, i.display FROM account a LEFT JOIN identifier i ON i.account_id = a.id AND i.type = 'login' AND "
    "i.valid_until IS NULL WHERE a.tenant_id = $1 AND a.status = $3 AND a.kind ";
constexpr std::array<std::string_view, 4> living_states{"invited", "active", "suspended_self", "suspended_admin"};

base::Result<std::vector<Remains>> ask(Tx& tx, RemainsKind kind, Sql sql, std::initializer_list<Param> params) {
  return tx.find_all(sql, params, [kind](const Row& row) {
    Fields field(row);
    Remains one;
    one.kind = kind;
    one.id = field.id();
    one.name = field.text();
    return one;
  });
}

// In steps, because a statement without an end could read the whole table.
base::Result<void> delete_tokens(Tx& tx, const base::Id& tenant_id) {
  for (;;) {
    ASSIGN_OR_RETURN(const auto some,
                     tx.find_all("SELECT id FROM api_token WHERE tenant_id = $1 ORDER BY created_at, id LIMIT $2",
                                 {tenant_id, std::int64_t{500}}, read_id));
    for (const base::Id& id : some) RETURN_IF_ERROR(tx.run("DELETE FROM api_token WHERE id = $1", {id}));
    if (some.empty()) return {};
  }
}

}  // namespace

base::Result<std::vector<Remains>> list_remains(Tx& tx, const base::Id& tenant_id, base::Time now, std::int64_t most) {
  std::vector<Remains> all;
  const auto add = [&](base::Result<std::vector<Remains>> found) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto some, std::move(found));
    all.insert(all.end(), some.begin(), some.end());
    return {};
  };
  for (const std::string_view state : living_states) {
    RETURN_IF_ERROR(add(ask(tx, RemainsKind::account,
                            sql<living, "IN ('employee', 'recipient', 'legal_person', 'service') LIMIT $2">,
                            {tenant_id, most, state})));
  }
  for (const std::string_view state : living_states) {
    RETURN_IF_ERROR(
        add(ask(tx, RemainsKind::client_system, sql<living, "= 'client_system' LIMIT $2">, {tenant_id, most, state})));
  }
  RETURN_IF_ERROR(add(ask(tx, RemainsKind::tenant,
                          "SELECT id, name FROM tenant WHERE parent_id = $1 AND key NOT LIKE 'deleted:%' "
                          "ORDER BY id LIMIT $2",
                          {tenant_id, most})));
  RETURN_IF_ERROR(add(ask(tx, RemainsKind::client,
                          "SELECT id, client_id FROM client WHERE tenant_id = $1 AND client_id NOT LIKE 'deleted:%' "
                          "ORDER BY id LIMIT $2",
                          {tenant_id, most})));
  RETURN_IF_ERROR(add(ask(tx, RemainsKind::resource_server,
                          "SELECT id, identifier FROM resource_server WHERE tenant_id = $1 ORDER BY id LIMIT $2",
                          {tenant_id, most})));
  RETURN_IF_ERROR(add(ask(tx, RemainsKind::authority,
                          "SELECT id, subject FROM certificate_authority WHERE tenant_id = $1 AND state <> 'revoked' "
                          "AND not_after > $3 ORDER BY id LIMIT $2",
                          {tenant_id, most, now})));
  RETURN_IF_ERROR(
      add(ask(tx, RemainsKind::trust_anchor,
              "SELECT id, subject FROM trust_anchor WHERE tenant_id = $1 ORDER BY id LIMIT $2", {tenant_id, most})));
  RETURN_IF_ERROR(add(ask(tx, RemainsKind::credential,
                          "SELECT id, label FROM signing_credential WHERE tenant_id = $1 AND account_id IS NULL "
                          "ORDER BY created_at, id LIMIT $2",
                          {tenant_id, most})));
  RETURN_IF_ERROR(
      add(ask(tx, RemainsKind::policy,
              "SELECT p.id, p.name FROM policy p WHERE p.tenant_id = $1 AND p.id IN ("
              "SELECT b.policy_id FROM policy_binding b WHERE "
              "(b.scope = 'tenant' AND b.scope_id <> $1 AND b.scope_id NOT IN "
              "(SELECT t.id FROM tenant t WHERE t.key LIKE 'deleted:%')) OR "
              "(b.scope = 'group' AND b.scope_id IN (SELECT g.id FROM group_ g WHERE g.tenant_id <> $1)) OR "
              "(b.scope = 'context' AND b.scope_id IN "
              "(SELECT c.id FROM acting_context c WHERE c.tenant_id <> $1))) ORDER BY p.id LIMIT $2",
              {tenant_id, most})));
  return all;
}

base::Result<void> delete_tenant(Tx& tx, const Tenant& tenant) {
  RETURN_IF_ERROR(
      tx.run("DELETE FROM policy_binding WHERE (scope = 'tenant' AND scope_id = $1) "
             "OR (scope = 'group' AND scope_id IN (SELECT g.id FROM group_ g WHERE g.tenant_id = $1)) "
             "OR (scope = 'context' AND scope_id IN (SELECT c.id FROM acting_context c WHERE c.tenant_id = $1)) "
             "OR policy_id IN (SELECT p.id FROM policy p WHERE p.tenant_id = $1)",
             {tenant.id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM policy WHERE tenant_id = $1", {tenant.id}));
  RETURN_IF_ERROR(tx.run(
      "DELETE FROM group_member WHERE group_id IN (SELECT g.id FROM group_ g WHERE g.tenant_id = $1)", {tenant.id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM group_ WHERE tenant_id = $1", {tenant.id}));
  RETURN_IF_ERROR(tx.run(
      "DELETE FROM account_context WHERE context_id IN (SELECT c.id FROM acting_context c WHERE c.tenant_id = $1)",
      {tenant.id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM acting_context WHERE tenant_id = $1", {tenant.id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM own_role WHERE tenant_id = $1", {tenant.id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM tenant_feature WHERE tenant_id = $1", {tenant.id}));
  RETURN_IF_ERROR(delete_tokens(tx, tenant.id));
  ASSIGN_OR_RETURN(const std::int64_t marked,
                   tx.run("UPDATE tenant SET key = $3, settings = '{}', locale = '', version = version + 1 "
                          "WHERE id = $1 AND version = $2",
                          {tenant.id, tenant.version, std::string(deleted_tenant) + tenant.id.to_string()}));
  if (marked != 1) return base::fail(base::Code::conflict, "the tenant was changed meanwhile");
  return {};
}

base::Result<std::vector<TenantTitle>> list_deleted_tenant_titles(Tx& tx, const std::optional<base::Id>& from) {
  const auto read = [](const Row& row) {
    Fields field(row);
    TenantTitle title;
    title.id = field.id();
    title.key = field.text();
    title.name = field.text();
    return title;
  };
  if (!from) return tx.find_all("SELECT id, key, name FROM tenant WHERE key LIKE 'deleted:%' ORDER BY id", {}, read);
  return tx.find_all(
      "WITH RECURSIVE here(id) AS (SELECT f.id FROM tenant f WHERE f.id = $1 UNION SELECT t.id FROM tenant t "
      "JOIN here h ON t.parent_id = h.id) SELECT t.id, t.key, t.name FROM tenant t JOIN here h ON h.id = t.id "
      "WHERE t.key LIKE 'deleted:%' ORDER BY t.id",
      {*from}, read);
}

}  // namespace store
