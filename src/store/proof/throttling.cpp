#include "store/proof/throttling.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::int64_t most_swept = 5000;

}  // namespace

base::Result<identity::FailureCount> find_failures(Tx& tx, std::string_view key_hash) {
  ASSIGN_OR_RETURN(const auto found, tx.find_one("SELECT failures, last_at FROM failure_count WHERE key_hash = $1",
                                                 {Blob{key_hash}}, [](const Row& row) {
                                                   Fields field(row);
                                                   return identity::FailureCount{field.integer(), field.time()};
                                                 }));
  return found.value_or(identity::FailureCount());
}

base::Result<void> set_failure_count(Tx& tx, std::string_view key_hash, const std::optional<base::Id>& account_id,
                                     const identity::FailureCount& count, base::Time barrier) {
  return without_count(tx.run(
      "INSERT INTO failure_count(key_hash, account_id, failures, last_at, barrier_at) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT (key_hash) DO UPDATE SET failures = $3, last_at = $4, barrier_at = $5",
      {Blob{key_hash}, account_id, count.failures, count.last.value_or(barrier), barrier}));
}

base::Result<void> delete_failures(Tx& tx, std::string_view key_hash) {
  return without_count(tx.run("DELETE FROM failure_count WHERE key_hash = $1", {Blob{key_hash}}));
}

base::Result<void> delete_failures_of(Tx& tx, const base::Id& account_id) {
  return without_count(tx.run("DELETE FROM failure_count WHERE account_id = $1", {account_id}));
}

base::Result<std::optional<base::Time>> find_barrier_of(Tx& tx, const base::Id& account_id, base::Time now) {
  return tx.find_one(
      "SELECT barrier_at FROM failure_count WHERE account_id = $1 AND barrier_at > $2 "
      "ORDER BY barrier_at DESC LIMIT 1",
      {account_id, now}, read_time);
}

base::Result<bool> delete_old_failures(Tx& tx, base::Time before) {
  ASSIGN_OR_RETURN(const std::int64_t failures,
                   tx.run("DELETE FROM failure_count WHERE key_hash IN "
                          "(SELECT key_hash FROM failure_count WHERE last_at < $1 ORDER BY last_at LIMIT $2)",
                          {before, most_swept}));
  ASSIGN_OR_RETURN(const std::int64_t networks,
                   tx.run("DELETE FROM network_bucket WHERE key_hash IN "
                          "(SELECT key_hash FROM network_bucket WHERE at < $1 ORDER BY at LIMIT $2)",
                          {before, most_swept}));
  return failures == most_swept || networks == most_swept;
}

base::Result<std::int64_t> count_in_window(Tx& tx, std::string_view key_hash, base::Duration window, base::Time now) {
  std::int64_t hits = 0;
  RETURN_IF_ERROR(tx.query(
      "INSERT INTO throttle(key_hash, window_end, hits) VALUES ($1, $2 + $3, 1) ON CONFLICT (key_hash) DO UPDATE SET "
      "hits = CASE WHEN throttle.window_end > $2 THEN throttle.hits + 1 ELSE 1 END, "
      "window_end = CASE WHEN throttle.window_end > $2 THEN throttle.window_end ELSE excluded.window_end END "
      "RETURNING hits",
      {Blob{key_hash}, now, window}, [&](const Row& row) { hits = read_integer(row); }));
  return hits;
}

base::Result<bool> delete_old_throttles(Tx& tx, base::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t deleted,
                   tx.run("DELETE FROM throttle WHERE key_hash IN "
                          "(SELECT key_hash FROM throttle WHERE window_end <= $1 ORDER BY window_end LIMIT $2)",
                          {now, most_swept}));
  return deleted == most_swept;
}

}  // namespace store
