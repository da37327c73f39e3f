#include "store/oauth/grants.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr SqlPart columns =
    "id, session_id, account_id, client_id, context_id, scope, sid, redirect_uri, code_challenge, nonce, resource, "
    "code_hash, created_at, code_until, redeemed_at, revoked_at, expires_at, level, amr, auth_time, flow, claims, "
    "is_offline, security_stamp, ip, proofs, generation, rotated_at, refresh_until";

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
  grant.flow = field.text();
  grant.claims = field.text();
  grant.is_offline = field.integer() != 0;
  grant.security_stamp = field.integer();
  grant.ip = field.text();
  grant.proofs = field.text();
  grant.generation = field.integer();
  grant.rotated_at = field.optional_time();
  grant.refresh_until = field.optional_time();
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
          "expires_at, level, amr, auth_time, flow, claims, is_offline, security_stamp, ip, proofs) "
          "SELECT $1, a.tenant_id, $2, a.id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, "
          "$20, $21, $22, $23, $24, $25, $26 "
          "FROM account a WHERE a.id = $3",
          {grant.id,         grant.session_id,   grant.account_id,
           grant.client_id,  grant.context_id,   grant.scope,
           grant.sid,        grant.redirect_uri, grant.code_challenge,
           grant.nonce,      grant.resource,     Blob{grant.code_hash},
           grant.created_at, grant.code_until,   grant.redeemed_at,
           grant.revoked_at, grant.expires_at,   grant.level,
           grant.amr,        grant.auth_time,    grant.flow,
           grant.claims,     grant.is_offline,   grant.security_stamp,
           grant.ip,         grant.proofs}),
      "the account");
}

base::Result<std::optional<Grant>> find_grant(Tx& tx, const base::Id& id) {
  return tx.find_one(sql<"SELECT ", columns, " FROM grant_family WHERE id = $1">, {id}, read_grant);
}

base::Result<bool> redeem_grant(Tx& tx, const base::Id& id, base::Time now, const GrantLife& life) {
  const std::int64_t generation = life.refresh_until ? 1 : 0;
  ASSIGN_OR_RETURN(const std::int64_t redeemed,
                   tx.run("UPDATE grant_family SET redeemed_at = $2, generation = $3, refresh_until = $4, "
                          "expires_at = $5 WHERE id = $1 AND redeemed_at IS NULL",
                          {id, now, generation, life.refresh_until, life.expires_at}));
  return redeemed == 1;
}

base::Result<bool> rotate_grant(Tx& tx, const base::Id& id, std::int64_t generation, base::Time now,
                                base::Time refresh_until) {
  ASSIGN_OR_RETURN(const std::int64_t rotated,
                   tx.run("UPDATE grant_family SET generation = generation + 1, rotated_at = $3, refresh_until = $4 "
                          "WHERE id = $1 AND generation = $2 AND revoked_at IS NULL",
                          {id, generation, now, refresh_until}));
  return rotated == 1;
}

base::Result<void> revoke_grant(Tx& tx, const base::Id& id, base::Time now) {
  return without_count(
      tx.run("UPDATE grant_family SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", {id, now}));
}

base::Result<void> revoke_grants_of_session(Tx& tx, const base::Id& session_id, base::Time now) {
  return without_count(
      tx.run("UPDATE grant_family SET revoked_at = $2 WHERE session_id = $1 AND revoked_at IS NULL AND is_offline = 0",
             {session_id, now}));
}

base::Result<void> revoke_grants_of_client(Tx& tx, const base::Id& account_id, const base::Id& client_id,
                                           base::Time now) {
  return without_count(
      tx.run("UPDATE grant_family SET revoked_at = $3 WHERE account_id = $1 AND client_id = $2 AND revoked_at IS NULL",
             {account_id, client_id, now}));
}

base::Result<std::vector<OfflineUse>> list_offline_uses(Tx& tx, const base::Id& account_id, base::Time now,
                                                        std::int64_t most) {
  return tx.find_all(
      "SELECT client_id, MAX(created_at) FROM grant_family WHERE account_id = $1 AND is_offline = 1 "
      "AND revoked_at IS NULL AND refresh_until > $2 AND expires_at > $2 GROUP BY client_id ORDER BY client_id LIMIT "
      "$3",
      {account_id, now, most}, [](const Row& row) {
        Fields field(row);
        OfflineUse use;
        use.client_id = field.id();
        use.latest_at = field.time();
        return use;
      });
}

base::Result<std::vector<std::string>> list_offline_scopes(Tx& tx, const base::Id& account_id,
                                                           const base::Id& client_id, base::Time now,
                                                           std::int64_t most) {
  return tx.find_all(
      "SELECT DISTINCT scope FROM grant_family WHERE account_id = $1 AND client_id = $2 AND is_offline = 1 "
      "AND revoked_at IS NULL AND refresh_until > $3 AND expires_at > $3 ORDER BY scope LIMIT $4",
      {account_id, client_id, now, most}, read_text);
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
