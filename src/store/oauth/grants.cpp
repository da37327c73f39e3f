#include "store/oauth/grants.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr SqlPart columns =
    "id, session_id, account_id, client_id, context_id, scope, sid, redirect_uri, code_challenge, nonce, resource, "
    "code_hash, created_at, code_until, redeemed_at, revoked_at, expires_at, level, amr, auth_time";

Grant read_grant(const Row& row) {
  Fields field(row);
  Grant grant;
  grant.id = field.id();
  grant.session_id = field.id();
  grant.account_id = field.id();
  grant.client_id = field.id();
  grant.context_id = field.id();
  grant.scope = field.text();
  grant.sid = field.text();
  grant.redirect_uri = field.text();
  grant.code_challenge = field.text();
  grant.nonce = field.text();
  grant.resource = field.text();
  grant.code_hash = field.text();
  grant.created_at = field.time();
  grant.code_until = field.time();
  grant.redeemed_at = field.optional_time();
  grant.revoked_at = field.optional_time();
  grant.expires_at = field.time();
  grant.level = field.integer();
  grant.amr = field.text();
  grant.auth_time = field.time();
  return grant;
}

}  // namespace

base::Result<void> insert_grant(Tx& tx, const Grant& grant, const rights::Clearance& clearance) {
  if (clearance.session_id() != grant.session_id || clearance.what() != rights::Issued::grant) {
    return base::fail(base::Code::internal, "the clearance is not one for a grant of this session");
  }
  return expect_changed(
      tx.run(
          "INSERT INTO grant_family(id, tenant_id, session_id, account_id, client_id, context_id, scope, sid, "
          "redirect_uri, code_challenge, nonce, resource, code_hash, created_at, code_until, redeemed_at, revoked_at, "
          "expires_at, level, amr, auth_time) "
          "SELECT $1, a.tenant_id, $2, a.id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, "
          "$20 "
          "FROM account a WHERE a.id = $3",
          {grant.id,         grant.session_id,   grant.account_id,
           grant.client_id,  grant.context_id,   grant.scope,
           grant.sid,        grant.redirect_uri, grant.code_challenge,
           grant.nonce,      grant.resource,     Blob{grant.code_hash},
           grant.created_at, grant.code_until,   grant.redeemed_at,
           grant.revoked_at, grant.expires_at,   grant.level,
           grant.amr,        grant.auth_time}),
      "the account");
}

base::Result<std::optional<Grant>> find_grant(Tx& tx, const base::Id& id) {
  return tx.find_one(sql<"SELECT ", columns, " FROM grant_family WHERE id = $1">, {id}, read_grant);
}

base::Result<bool> redeem_grant(Tx& tx, const base::Id& id, base::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t redeemed,
                   tx.run("UPDATE grant_family SET redeemed_at = $2 WHERE id = $1 AND redeemed_at IS NULL", {id, now}));
  return redeemed == 1;
}

base::Result<void> revoke_grant(Tx& tx, const base::Id& id, base::Time now) {
  return without_count(
      tx.run("UPDATE grant_family SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", {id, now}));
}

base::Result<void> revoke_grants_of_session(Tx& tx, const base::Id& session_id, base::Time now) {
  return without_count(tx.run("UPDATE grant_family SET revoked_at = $2 WHERE session_id = $1 AND revoked_at IS NULL",
                              {session_id, now}));
}

base::Result<bool> delete_old_grants(Tx& tx, base::Time before) {
  constexpr std::int64_t most = 1000;
  ASSIGN_OR_RETURN(const std::int64_t deleted,
                   tx.run("DELETE FROM grant_family WHERE id IN "
                          "(SELECT id FROM grant_family WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
                          {before, most}));
  return deleted == most;
}

}  // namespace store
