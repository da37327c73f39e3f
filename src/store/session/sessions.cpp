#include "store/session/sessions.hpp"

#include <algorithm>

#include "store/driver/sql.hpp"

namespace store {
namespace {

base::Time end_of(const rights::Session& session) {
  return std::min(session.idle_until, session.absolute_until);
}

constexpr SqlPart columns =
    "id, secret_hash, account_id, context_id, proofs, amr, auth_time, created_at, last_seen, idle_until, "
    "absolute_until, security_stamp, ip, user_agent, proven_at, must_change, device_id, acting_account, "
    "acting_context, acting_until";

rights::Session read_session(const Row& row) {
  Fields field(row);
  rights::Session session;
  session.id = field.id();
  session.secret_hash = field.text();
  session.account_id = field.id();
  session.context_id = field.optional_id();
  session.proofs = rights::Proofs::from_names(field.view());
  const std::string_view amr = field.view();
  // An older program writes `amr` alone, and leaves the names of the login before.
  if (session.proofs.to_amr() != amr) session.proofs = rights::Proofs::from_amr(amr);
  session.auth_time = field.time();
  session.created_at = field.time();
  session.last_seen = field.time();
  session.idle_until = field.time();
  session.absolute_until = field.time();
  session.security_stamp = field.integer();
  session.ip = field.text();
  session.user_agent = field.text();
  session.proven_at = field.optional_time();
  // With a value that cannot be read only the change of the password is possible (security rule 9).
  session.must_change = identity::parse_must_change(field.view()).value_or(identity::MustChange::policy);
  session.device_id = field.optional_id();
  const auto acting_account = field.optional_id();
  const auto acting_context = field.optional_id();
  const auto acting_until = field.optional_time();
  if (acting_account && acting_context && acting_until) {
    session.acting_for = rights::ActingFor{*acting_account, *acting_context, *acting_until};
  }
  return session;
}

base::Result<void> expect_cleared(const rights::Session& session, const rights::Clearance& clearance) {
  if (clearance.session_id() == session.id && clearance.account_id() == session.account_id) return {};
  return base::fail(base::Code::internal, "the clearance is that of another session");
}

}  // namespace

base::Result<void> insert_session(Tx& tx, const rights::Session& session, const rights::Clearance& clearance) {
  RETURN_IF_ERROR(expect_cleared(session, clearance));
  return expect_changed(
      tx.run(
          "INSERT INTO session(id, tenant_id, secret_hash, account_id, context_id, method, level, amr, auth_time, "
          "created_at, last_seen, idle_until, absolute_until, ends_at, security_stamp, ip, user_agent, proven_at, "
          "must_change, device_id, proofs) "
          "SELECT $1, a.tenant_id, $2, a.id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, "
          "$20 "
          "FROM account a WHERE a.id = $3",
          {session.id,
           Blob{session.secret_hash},
           session.account_id,
           session.context_id,
           session.proofs.first_method(),
           session.proofs.level(),
           session.proofs.to_amr(),
           session.auth_time,
           session.created_at,
           session.last_seen,
           session.idle_until,
           session.absolute_until,
           end_of(session),
           session.security_stamp,
           session.ip,
           session.user_agent,
           session.proven_at,
           identity::name_of(session.must_change),
           session.device_id,
           session.proofs.to_names()}),
      "the account");
}

base::Result<std::optional<rights::Session>> find_session(Tx& tx, const base::Id& id) {
  return tx.find_one(sql<"SELECT ", columns, " FROM session WHERE id = $1">, {id}, read_session);
}

base::Result<void> replace_session(Tx& tx, const base::Id& old_id, const rights::Session& session,
                                   const rights::Clearance& clearance) {
  RETURN_IF_ERROR(expect_cleared(session, clearance));
  RETURN_IF_ERROR(expect_changed(
      tx.run("UPDATE session SET id = $2, secret_hash = $3, context_id = $4, method = $5, level = $6, amr = $7, "
             "auth_time = $8, created_at = $9, last_seen = $10, idle_until = $11, absolute_until = $12, ends_at = $13, "
             "security_stamp = $14, ip = $15, user_agent = $16, must_change = $17, device_id = $18, "
             "acting_account = $19, acting_context = $20, acting_until = $21, proofs = $22 WHERE id = $1",
             {old_id,
              session.id,
              Blob{session.secret_hash},
              session.context_id,
              session.proofs.first_method(),
              session.proofs.level(),
              session.proofs.to_amr(),
              session.auth_time,
              session.created_at,
              session.last_seen,
              session.idle_until,
              session.absolute_until,
              end_of(session),
              session.security_stamp,
              session.ip,
              session.user_agent,
              identity::name_of(session.must_change),
              session.device_id,
              session.acting_for ? std::optional(session.acting_for->account_id) : std::nullopt,
              session.acting_for ? std::optional(session.acting_for->context_id) : std::nullopt,
              session.acting_for ? std::optional(session.acting_for->until) : std::nullopt,
              session.proofs.to_names()}),
      "the session"));
  RETURN_IF_ERROR(
      tx.run("UPDATE bulk_act SET session_id = $2 WHERE session_id = $1 AND state = 'running'", {old_id, session.id}));
  return without_count(tx.run("UPDATE grant_family SET session_id = $2 WHERE session_id = $1", {old_id, session.id}));
}

base::Result<void> touch_session(Tx& tx, const base::Id& id, base::Time last_seen, base::Time idle_until) {
  // A session that was ended by a raised stamp (ends_at = 0) stays ended.
  return without_count(
      tx.run("UPDATE session SET last_seen = $2, idle_until = $3, ends_at = CASE WHEN ends_at = 0 THEN 0 "
             "WHEN absolute_until < $3 THEN absolute_until ELSE $3 END WHERE id = $1",
             {id, last_seen, idle_until}));
}

base::Result<bool> stop_acting(Tx& tx, const base::Id& id) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   tx.run("UPDATE session SET acting_account = NULL, acting_context = NULL, acting_until = NULL "
                          "WHERE id = $1 AND acting_account IS NOT NULL",
                          {id}));
  return changed > 0;
}

base::Result<void> set_proven(Tx& tx, const base::Id& id, base::Time at) {
  return expect_changed(tx.run("UPDATE session SET proven_at = $2 WHERE id = $1", {id, at}), "the session");
}

base::Result<void> delete_session(Tx& tx, const base::Id& id) {
  return without_count(tx.run("DELETE FROM session WHERE id = $1", {id}));
}

base::Result<std::vector<rights::Session>> list_sessions(Tx& tx, const base::Id& account_id) {
  return tx.find_all(sql<"SELECT ", columns, " FROM session WHERE account_id = $1 ORDER BY id">, {account_id},
                     read_session);
}

base::Result<std::vector<rights::Session>> look_at_sessions(Tx& tx, const SessionLook& look) {
  const SessionPlace end = look.longest_unused_first ? SessionPlace{} : SessionPlace{last_time(), last_id()};
  const SessionPlace place = look.place.value_or(end);
  if (look.longest_unused_first) {
    return tx.find_all(
        sql<"SELECT ", columns,
            " FROM session WHERE account_id = $1 AND security_stamp = $2 AND ends_at > $3 AND id <> $4 "
            "AND (last_seen, id) > ($5, $6) ORDER BY last_seen, id LIMIT $7">,
        {look.of.account_id, look.of.security_stamp, look.of.now, look.besides, place.last_seen, place.id, look.most},
        read_session);
  }
  return tx.find_all(
      sql<"SELECT ", columns,
          " FROM session WHERE account_id = $1 AND security_stamp = $2 AND ends_at > $3 AND id <> $4 "
          "AND (last_seen, id) < ($5, $6) ORDER BY last_seen DESC, id DESC LIMIT $7">,
      {look.of.account_id, look.of.security_stamp, look.of.now, look.besides, place.last_seen, place.id, look.most},
      read_session);
}

base::Result<std::int64_t> count_sessions(Tx& tx, const LiveSessions& of, std::int64_t most) {
  ASSIGN_OR_RETURN(const auto count, tx.find_one("SELECT count(*) FROM (SELECT id FROM session WHERE account_id = $1 "
                                                 "AND security_stamp = $2 AND ends_at > $3 LIMIT $4) s",
                                                 {of.account_id, of.security_stamp, of.now, most}, read_integer));
  return count.value_or(0);
}

base::Result<std::vector<base::Id>> list_devices_in_use(Tx& tx, const LiveSessions& of) {
  return tx.find_all(
      "SELECT DISTINCT device_id FROM session WHERE account_id = $1 AND security_stamp = $2 "
      "AND ends_at > $3 AND device_id IS NOT NULL",
      {of.account_id, of.security_stamp, of.now}, read_id);
}

base::Result<std::vector<rights::Session>> list_surplus_sessions(Tx& tx, const base::Id& account_id, std::size_t kept,
                                                                 std::size_t most) {
  return tx.find_all(sql<"SELECT ", columns,
                         " FROM session WHERE account_id = $1 ORDER BY last_seen DESC, id DESC LIMIT $3 OFFSET $2">,
                     {account_id, kept, most}, read_session);
}

base::Result<std::vector<rights::Session>> list_ended_sessions(Tx& tx, base::Time now, std::size_t most) {
  return tx.find_all(sql<"SELECT ", columns, " FROM session WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2">,
                     {now, most}, read_session);
}

base::Result<std::string> join_session(Tx& tx, const SessionClient& wished) {
  // Two statements are safe, because writers run one after another, and cost less than one statement that does both.
  ASSIGN_OR_RETURN(auto joined, tx.find_one("SELECT sid FROM session_client WHERE session_id = $1 AND client_id = $2",
                                            {wished.session_id, wished.client_id}, read_text));
  if (joined) return std::move(*joined);
  RETURN_IF_ERROR(expect_changed(tx.run("INSERT INTO session_client(session_id, client_id, tenant_id, sid) "
                                        "SELECT s.id, $2, s.tenant_id, $3 FROM session s WHERE s.id = $1",
                                        {wished.session_id, wished.client_id, wished.sid}),
                                 "the session"));
  return wished.sid;
}

base::Result<std::vector<SessionClient>> list_session_clients(Tx& tx, const base::Id& session_id) {
  return tx.find_all("SELECT session_id, client_id, sid FROM session_client WHERE session_id = $1 ORDER BY client_id",
                     {session_id}, [](const Row& row) {
                       Fields field(row);
                       return SessionClient{field.id(), field.id(), field.text()};
                     });
}

base::Result<std::optional<base::Id>> find_session_by_sid(Tx& tx, const base::Id& client_id, std::string_view sid) {
  return tx.find_one("SELECT session_id FROM session_client WHERE sid = $2 AND client_id = $1", {client_id, sid},
                     read_id);
}

}  // namespace store
