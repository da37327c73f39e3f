#include "store/proof/one_time_tokens.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::string_view sealed_for = "one-time-token";

constexpr SqlPart columns = "hash, tenant_id, purpose, account_id, channel, data, created_at, expires_at, consumed_at";

OneTimeToken read_token(const Row& row) {
  Fields field(row);
  OneTimeToken token;
  token.hash = field.text();
  token.tenant_id = field.id();
  token.purpose = field.text();
  token.account_id = field.id();
  token.channel = field.text();
  token.data = field.text();  // still sealed
  token.created_at = field.time();
  token.expires_at = field.time();
  token.consumed_at = field.optional_time();
  return token;
}

base::Result<void> open_data(Tx& tx, std::optional<OneTimeToken>& token) {
  if (!token) return {};
  auto opened = tx.master().open(sealed_for, token->data, token->hash);
  if (!opened) return base::fail(base::Code::internal, "a one-time token cannot be opened");
  token->data = std::string(opened->reveal());
  return {};
}

}  // namespace

base::Result<void> insert_token(Tx& tx, const OneTimeToken& token) {
  const base::Bytes sealed = tx.master().seal(sealed_for, token.data, token.hash);
  return without_count(tx.run(
      "INSERT INTO one_time_token(hash, tenant_id, purpose, account_id, channel, data, created_at, expires_at, tries, "
      "consumed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)",
      {Blob{token.hash}, token.tenant_id, token.purpose, token.account_id, token.channel, Blob{sealed},
       token.created_at, token.expires_at, token.consumed_at}));
}

base::Result<std::optional<OneTimeToken>> find_token(Tx& tx, std::string_view hash, std::string_view purpose) {
  ASSIGN_OR_RETURN(auto found,
                   tx.find_one(sql<"SELECT ", columns, " FROM one_time_token WHERE hash = $1 AND purpose = $2">,
                               {Blob{hash}, purpose}, read_token));
  RETURN_IF_ERROR(open_data(tx, found));
  return found;
}

base::Result<std::optional<OneTimeToken>> consume_token(Tx& tx, std::string_view hash, std::string_view purpose,
                                                        base::Time now) {
  ASSIGN_OR_RETURN(
      auto found,
      tx.find_one(sql<"UPDATE one_time_token SET consumed_at = $3, tries = tries + 1 "
                      "WHERE hash = $1 AND purpose = $2 AND consumed_at IS NULL AND expires_at > $3 RETURNING ",
                      columns>,
                  {Blob{hash}, purpose, now}, read_token));
  RETURN_IF_ERROR(open_data(tx, found));
  return found;
}

base::Result<bool> note_used_token(Tx& tx, const OneTimeToken& token, base::Time now) {
  ASSIGN_OR_RETURN(
      const std::int64_t inserted,
      tx.run("INSERT INTO one_time_token(hash, tenant_id, purpose, account_id, channel, data, created_at, expires_at, "
             "tries, consumed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9) ON CONFLICT (hash) DO NOTHING",
             {Blob{token.hash}, token.tenant_id, token.purpose, token.account_id, token.channel, Blob{token.data},
              token.created_at, token.expires_at, now}));
  return inserted > 0;
}

base::Result<void> void_tokens(Tx& tx, const base::Id& account_id, std::string_view purpose, base::Time now) {
  return without_count(tx.run(
      "UPDATE one_time_token SET consumed_at = $3 WHERE account_id = $1 AND purpose = $2 AND consumed_at IS NULL",
      {account_id, purpose, now}));
}

base::Result<bool> delete_old_tokens(Tx& tx, base::Time before) {
  constexpr std::int64_t most = 1000;
  ASSIGN_OR_RETURN(const std::int64_t deleted,
                   tx.run("DELETE FROM one_time_token WHERE hash IN "
                          "(SELECT hash FROM one_time_token WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
                          {before, most}));
  return deleted == most;
}

base::Result<void> seal_tokens_anew(Tx& tx, const crypto::MasterKey& next) {
  struct Sealed {
    base::Bytes hash;
    base::Bytes data;
  };
  const auto read_after = [&](const base::Bytes& last, std::int64_t most) {
    return tx.find_all("SELECT hash, data FROM one_time_token WHERE hash > $1 ORDER BY hash LIMIT $2",
                       {Blob{last}, most}, [](const Row& row) {
                         Fields field(row);
                         return Sealed{field.text(), field.text()};
                       });
  };
  return for_each_in_steps<base::Bytes>(
      read_after, [](const Sealed& row) { return row.hash; },
      [&](const Sealed& row) -> base::Result<void> {
        if (row.data.empty()) return {};
        ASSIGN_OR_RETURN(const base::Bytes sealed, seal_anew(tx, next, sealed_for, row.data, row.hash));
        return without_count(
            tx.run("UPDATE one_time_token SET data = $2 WHERE hash = $1", {Blob{row.hash}, Blob{sealed}}));
      });
}

}  // namespace store
