#include "store/oauth/revoked_tokens.hpp"

#include "store/driver/sql.hpp"

namespace store {

base::Result<bool> revoke_token(Tx& tx, base::BytesView jti, base::Time expires_at) {
  ASSIGN_OR_RETURN(const std::int64_t added,
                   tx.run("INSERT INTO revoked_token(jti, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                          {Blob{jti}, expires_at}));
  return added == 1;
}

base::Result<bool> is_token_revoked(Tx& tx, base::BytesView jti) {
  return tx.keep("revoked token", jti, [&]() -> base::Result<bool> {
    ASSIGN_OR_RETURN(const auto found,
                     tx.find_one("SELECT expires_at FROM revoked_token WHERE jti = $1", {Blob{jti}}, read_time));
    return found.has_value();
  });
}

base::Result<bool> delete_old_revoked_tokens(Tx& tx, base::Time before) {
  constexpr std::int64_t most = 1000;
  ASSIGN_OR_RETURN(const std::int64_t deleted,
                   tx.run("DELETE FROM revoked_token WHERE jti IN "
                          "(SELECT jti FROM revoked_token WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
                          {before, most}));
  return deleted == most;
}

}  // namespace store
