#include "store/oauth/api_tokens.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr SqlPart columns =
    "id, tenant_id, kind, secret_hash, name, account_id, scopes, uses_left, created_at, created_by, expires_at, "
    "last_used_at, revoked_at";

ApiToken read_api_token(const Row& row) {
  Fields field(row);
  ApiToken token;
  token.id = field.id();
  token.tenant_id = field.id();
  token.kind = field.text();
  token.secret_hash = field.text();
  token.name = field.text();
  token.account_id = field.optional_id();
  token.scopes = field.text();
  token.uses_left = field.optional_integer();
  token.created_at = field.time();
  token.created_by = field.optional_id();
  token.expires_at = field.optional_time();
  token.last_used_at = field.optional_time();
  token.revoked_at = field.optional_time();
  return token;
}

}  // namespace

base::Result<void> insert_api_token(Tx& tx, const ApiToken& token) {
  // A negative number stands for "any number", because a parameter of a whole number is never null.
  return without_count(
      tx.run("INSERT INTO api_token(id, tenant_id, kind, secret_hash, name, account_id, scopes, uses_left, created_at, "
             "created_by, expires_at) "
             "VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $8 < 0 THEN NULL ELSE $8 END, $9, $10, $11)",
             {token.id, token.tenant_id, token.kind, Blob{token.secret_hash}, token.name, token.account_id,
              token.scopes, token.uses_left.value_or(-1), token.created_at, token.created_by, token.expires_at}));
}

base::Result<std::optional<ApiToken>> find_api_token(Tx& tx, const base::Id& id) {
  return tx.find_one(sql<"SELECT ", columns, " FROM api_token WHERE id = $1">, {id}, read_api_token);
}

base::Result<std::vector<ApiToken>> list_api_tokens(Tx& tx, const base::Id& tenant_id, std::int64_t most) {
  return tx.find_all(
      sql<"SELECT ", columns, " FROM api_token WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2">,
      {tenant_id, most}, read_api_token);
}

base::Result<std::vector<ApiToken>> list_api_tokens_of(Tx& tx, const base::Id& account_id, std::int64_t most) {
  return tx.find_all(sql<"SELECT ", columns, " FROM api_token WHERE account_id = $1 ORDER BY id DESC LIMIT $2">,
                     {account_id, most}, read_api_token);
}

base::Result<bool> use_api_token(Tx& tx, const base::Id& id, base::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t used,
                   tx.run("UPDATE api_token SET uses_left = uses_left - 1, last_used_at = $2 "
                          "WHERE id = $1 AND revoked_at IS NULL AND (uses_left IS NULL OR uses_left > 0)",
                          {id, now}));
  return used == 1;
}

base::Result<void> note_api_token_use(Tx& tx, const base::Id& id, base::Time noted, base::Time now) {
  return without_count(
      tx.run("UPDATE api_token SET last_used_at = $3 WHERE id = $1 AND (last_used_at IS NULL OR "
             "last_used_at < $2)",
             {id, noted, now}));
}

base::Result<bool> revoke_api_token(Tx& tx, const base::Id& id, base::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t revoked,
                   tx.run("UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", {id, now}));
  return revoked == 1;
}

base::Result<void> revoke_api_tokens_of(Tx& tx, const base::Id& account_id, base::Time now) {
  RETURN_IF_ERROR(
      tx.run("UPDATE api_token SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL", {account_id, now}));
  return {};
}

}  // namespace store
