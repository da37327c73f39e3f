#include "store/oauth/pushed_requests.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::string_view sealed_for = "pushed-request";

PushedRequest read_pushed(const Row& row) {
  Fields field(row);
  PushedRequest pushed;
  pushed.id = field.id();
  pushed.client_id = field.id();
  pushed.secret_hash = field.text();
  pushed.request = field.text();  // still sealed
  pushed.created_at = field.time();
  pushed.expires_at = field.time();
  pushed.used_at = field.optional_time();
  return pushed;
}

}  // namespace

base::Result<void> insert_pushed_request(Tx& tx, const PushedRequest& pushed) {
  const std::string sealed = base::to_base64url(tx.master().seal(sealed_for, pushed.request, pushed.id.bytes()));
  return without_count(
      tx.run("INSERT INTO pushed_request(id, client_id, secret_hash, request, created_at, expires_at) "
             "VALUES ($1, $2, $3, $4, $5, $6)",
             {pushed.id, pushed.client_id, Blob{pushed.secret_hash}, sealed, pushed.created_at, pushed.expires_at}));
}

base::Result<std::optional<PushedRequest>> find_pushed_request(Tx& tx, const base::Id& id) {
  ASSIGN_OR_RETURN(auto found,
                   tx.find_one("SELECT id, client_id, secret_hash, request, created_at, expires_at, used_at "
                               "FROM pushed_request WHERE id = $1",
                               {id}, read_pushed));
  if (!found) return std::nullopt;
  const auto sealed = base::parse_base64url(found->request);
  if (!sealed) return std::nullopt;
  const auto opened = tx.master().open(sealed_for, *sealed, id.bytes());
  if (!opened) return std::nullopt;
  found->request = std::string(opened->reveal());
  return found;
}

base::Result<bool> use_pushed_request(Tx& tx, const base::Id& id, std::string_view secret_hash, base::Time now) {
  ASSIGN_OR_RETURN(
      const std::int64_t used,
      tx.run("UPDATE pushed_request SET used_at = $3 WHERE id = $1 AND secret_hash = $2 AND used_at IS NULL",
             {id, Blob{secret_hash}, now}));
  return used == 1;
}

base::Result<bool> delete_old_pushed_requests(Tx& tx, base::Time before) {
  constexpr std::int64_t most = 1000;
  ASSIGN_OR_RETURN(const std::int64_t deleted,
                   tx.run("DELETE FROM pushed_request WHERE id IN "
                          "(SELECT id FROM pushed_request WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
                          {before, most}));
  return deleted == most;
}

}  // namespace store
