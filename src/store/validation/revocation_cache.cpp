#include "store/validation/revocation_cache.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::int64_t sweep_most = 500;

CachedRevocation read_cached(const Row& row) {
  Fields field(row);
  CachedRevocation read;
  read.lookup = field.text();
  read.kind = field.text();
  read.answer = field.text();
  read.fetched_at = field.time();
  read.due_at = field.time();
  read.used_at = field.time();
  return read;
}

base::Result<std::int64_t> read_sum(Tx& tx) {
  ASSIGN_OR_RETURN(const auto sum,
                   tx.find_one("SELECT coalesce(sum(size), 0) FROM revocation_cache", {}, read_integer));
  return sum.value_or(0);
}

base::Result<std::int64_t> count_rows(Tx& tx) {
  ASSIGN_OR_RETURN(const auto count, tx.find_one("SELECT count(*) FROM revocation_cache", {}, read_integer));
  return count.value_or(0);
}

// The row that was not used longest, but not `kept`.
base::Result<std::int64_t> delete_one(Tx& tx, const CachedRevocation& kept) {
  return tx.run(
      "DELETE FROM revocation_cache WHERE (kind, lookup) IN (SELECT kind, lookup FROM revocation_cache "
      "WHERE NOT (kind = $1 AND lookup = $2) ORDER BY used_at LIMIT 1)",
      {kept.kind, kept.lookup});
}

}  // namespace

base::Result<std::optional<CachedRevocation>> find_cached_revocation(Tx& tx, std::string_view kind,
                                                                     std::string_view lookup) {
  return tx.find_one(
      "SELECT lookup, kind, answer, fetched_at, due_at, used_at FROM revocation_cache WHERE kind = $1 AND lookup = $2",
      {kind, lookup}, read_cached);
}

base::Result<void> put_cached_revocation(Tx& tx, const CachedRevocation& row, const CacheBounds& bounds) {
  const auto size = static_cast<std::int64_t>(row.answer.size());
  RETURN_IF_ERROR(tx.run(
      "INSERT INTO revocation_cache(kind, lookup, answer, size, fetched_at, due_at, used_at) VALUES ($1, $2, $3, $4, "
      "$5, $6, $7) ON CONFLICT(kind, lookup) DO UPDATE SET "
      "answer = CASE WHEN excluded.size = 0 THEN revocation_cache.answer ELSE excluded.answer END, "
      "size = CASE WHEN excluded.size = 0 THEN revocation_cache.size ELSE excluded.size END, "
      "fetched_at = excluded.fetched_at, due_at = excluded.due_at, used_at = excluded.used_at",
      {row.kind, row.lookup, Blob{row.answer}, size, row.fetched_at, row.due_at, row.used_at}));
  ASSIGN_OR_RETURN(std::int64_t rows, count_rows(tx));
  ASSIGN_OR_RETURN(std::int64_t octets, read_sum(tx));
  while (rows > bounds.most_rows || (octets > bounds.most_octets && rows > 1)) {
    ASSIGN_OR_RETURN(const std::int64_t deleted, delete_one(tx, row));
    if (deleted == 0) break;
    rows -= deleted;
    ASSIGN_OR_RETURN(octets, read_sum(tx));
  }
  return {};
}

base::Result<bool> delete_unused_revocations(Tx& tx, base::Time before) {
  ASSIGN_OR_RETURN(const std::int64_t deleted,
                   tx.run("DELETE FROM revocation_cache WHERE (kind, lookup) IN (SELECT kind, lookup FROM "
                          "revocation_cache WHERE used_at < $1 ORDER BY used_at LIMIT $2)",
                          {before, sweep_most}));
  return deleted >= sweep_most;
}

}  // namespace store
