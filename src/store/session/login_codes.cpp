#include "store/session/login_codes.hpp"

#include "store/driver/sql.hpp"

namespace store {

base::Result<void> put_login_code(Tx& tx, const LoginCode& code) {
  return expect_changed(
      tx.run("INSERT INTO login_code(session_id, tenant_id, account_id, method, code_hash, message_id, sent_at, "
             "expires_at, tries) SELECT $1, a.tenant_id, a.id, $3, $4, $5, $6, $7, 0 FROM account a WHERE a.id = $2 "
             "ON CONFLICT (session_id) DO UPDATE SET method = $3, code_hash = $4, message_id = $5, sent_at = $6, "
             "expires_at = $7, tries = 0",
             {code.session_id, code.account_id, code.method, Blob{code.code_hash}, code.message_id, code.sent_at,
              code.expires_at}),
      "the account");
}

base::Result<std::optional<LoginCode>> find_login_code(Tx& tx, const base::Id& session_id) {
  return tx.find_one(
      "SELECT session_id, account_id, method, code_hash, message_id, sent_at, expires_at, tries "
      "FROM login_code WHERE session_id = $1",
      {session_id}, [](const Row& row) {
        Fields field(row);
        return LoginCode{field.id(), field.id(),   field.text(), field.text(),
                         field.id(), field.time(), field.time(), field.integer()};
      });
}

base::Result<bool> try_login_code(Tx& tx, const base::Id& session_id, std::int64_t most_tries, base::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t counted,
                   tx.run("UPDATE login_code SET tries = tries + 1 WHERE session_id = $1 AND tries < $2 "
                          "AND expires_at > $3 AND code_hash <> $4",
                          {session_id, most_tries, now, Blob{""}}));
  return counted == 1;
}

base::Result<bool> take_login_code(Tx& tx, const base::Id& session_id, std::string_view code_hash, base::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t taken,
                   tx.run("UPDATE login_code SET code_hash = $4 WHERE session_id = $1 AND code_hash = $2 "
                          "AND expires_at > $3",
                          {session_id, Blob{code_hash}, now, Blob{""}}));
  return taken == 1;
}

base::Result<void> delete_login_code(Tx& tx, const base::Id& session_id) {
  return without_count(tx.run("DELETE FROM login_code WHERE session_id = $1", {session_id}));
}

base::Result<void> begin_grace(Tx& tx, const base::Id& account_id, base::Time now) {
  return without_count(
      tx.run("INSERT INTO factor_grace(account_id, tenant_id, since) SELECT a.id, a.tenant_id, $2 "
             "FROM account a WHERE a.id = $1 ON CONFLICT DO NOTHING",
             {account_id, now}));
}

base::Result<std::optional<base::Time>> find_grace(Tx& tx, const base::Id& account_id) {
  return tx.find_one("SELECT since FROM factor_grace WHERE account_id = $1", {account_id}, read_time);
}

base::Result<void> end_grace(Tx& tx, const base::Id& account_id) {
  return without_count(tx.run("DELETE FROM factor_grace WHERE account_id = $1", {account_id}));
}

}  // namespace store
