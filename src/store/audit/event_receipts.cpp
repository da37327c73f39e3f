#include "store/audit/event_receipts.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::int64_t most_swept = 5000;

EventReceipt read_receipt(const Row& row) {
  Fields field(row);
  EventReceipt receipt;
  receipt.key_hash = field.text();
  receipt.body_hash = field.text();
  receipt.request_id = field.text();
  receipt.received_at = field.time();
  return receipt;
}

}  // namespace

base::Result<std::optional<EventReceipt>> find_event_receipt(Tx& tx, std::string_view key_hash) {
  return tx.find_one("SELECT key_hash, body_hash, request_id, received_at FROM event_receipt WHERE key_hash = $1",
                     {Blob{key_hash}}, read_receipt);
}

base::Result<void> insert_event_receipt(Tx& tx, const EventReceipt& receipt) {
  return without_count(
      tx.run("INSERT INTO event_receipt(key_hash, body_hash, request_id, received_at) VALUES ($1, $2, $3, $4)",
             {Blob{receipt.key_hash}, Blob{receipt.body_hash}, receipt.request_id, receipt.received_at}));
}

base::Result<void> delete_event_receipt(Tx& tx, std::string_view key_hash) {
  return without_count(tx.run("DELETE FROM event_receipt WHERE key_hash = $1", {Blob{key_hash}}));
}

base::Result<bool> delete_old_event_receipts(Tx& tx, base::Time before) {
  ASSIGN_OR_RETURN(const std::int64_t deleted,
                   tx.run("DELETE FROM event_receipt WHERE key_hash IN (SELECT key_hash FROM event_receipt "
                          "WHERE received_at < $1 ORDER BY received_at LIMIT $2)",
                          {before, most_swept}));
  return deleted == most_swept;
}

}  // namespace store
