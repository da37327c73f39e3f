#include "store/message/outbox.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::string_view purpose = "outbox";
constexpr std::array<std::string_view, 4> states{"pending", "delivered", "failed", "dropped"};

base::Bytes place_of(const base::Id& id) {
  return base::Bytes("outbox").append(id.bytes());
}

constexpr SqlPart columns = "id, tenant_id, kind, payload, tries, next_at, state, last_error, created_at";

OutboxItem read_item(const Row& row) {
  Fields field(row);
  OutboxItem item;
  item.id = field.id();
  item.tenant_id = field.id();
  item.kind = field.text();
  item.payload = field.text();  // still sealed
  item.tries = field.integer();
  item.next_at = field.time();
  item.state = field.text();
  item.last_error = field.text();
  item.created_at = field.time();
  return item;
}

base::Result<void> open_payload(Tx& tx, OutboxItem& item) {
  if (item.payload.empty()) return {};
  auto opened = tx.master().open(purpose, item.payload, place_of(item.id));
  if (!opened) return base::fail(base::Code::internal, "a message of the outbox cannot be opened");
  item.payload = std::string(opened->reveal());
  return {};
}

// Each of these reads as many rows as it gives, however many the outbox holds: newest first, payloads still sealed. The
// order is that of created_at, because for the order of id PostgreSQL sometimes reads the whole primary key and
// filters.

base::Result<std::vector<OutboxItem>> list_sealed(Tx& tx, std::string_view state, std::size_t most) {
  if (state.empty()) {
    return tx.find_all(sql<"SELECT ", columns, " FROM outbox ORDER BY id DESC LIMIT $1">, {most}, read_item);
  }
  return tx.find_all(
      sql<"SELECT ", columns, " FROM outbox WHERE state = $1 ORDER BY created_at DESC, id DESC LIMIT $2">,
      {state, most}, read_item);
}

base::Result<std::vector<OutboxItem>> list_sealed_of(Tx& tx, const base::Id& tenant_id, std::string_view state,
                                                     std::size_t most) {
  if (!state.empty()) {
    return tx.find_all(
        sql<"SELECT ", columns,
            " FROM outbox WHERE tenant_id = $1 AND state = $2 ORDER BY created_at DESC, id DESC LIMIT $3">,
        {tenant_id, state, most}, read_item);
  }
  std::vector<OutboxItem> all;
  for (const std::string_view one : states) {
    ASSIGN_OR_RETURN(auto items, list_sealed_of(tx, tenant_id, one, most));
    std::move(items.begin(), items.end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end(),
            [](const OutboxItem& a, const OutboxItem& b) { return b.id.bytes() < a.id.bytes(); });
  if (all.size() > most) all.resize(most);
  return all;
}

}  // namespace

base::Result<void> insert_outbox(Tx& tx, const OutboxItem& item) {
  const base::Bytes sealed = tx.master().seal(purpose, item.payload, place_of(item.id));
  return without_count(
      tx.run("INSERT INTO outbox(id, tenant_id, kind, payload, tries, next_at, state, last_error, created_at) "
             "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
             {item.id, item.tenant_id, item.kind, Blob{sealed}, item.tries, item.next_at, item.state, item.last_error,
              item.created_at}));
}

base::Result<bool> is_kind_due(Tx& tx, std::string_view kind, base::Time now) {
  ASSIGN_OR_RETURN(const auto found, tx.find_one("SELECT kind FROM outbox WHERE state = 'pending' AND kind = $2 "
                                                 "AND next_at <= $1 ORDER BY next_at LIMIT 1",
                                                 {now, kind}, read_text));
  return found.has_value();
}

base::Result<std::vector<OutboxItem>> take_due_outbox(Tx& tx, std::string_view kind, base::Time now,
                                                      base::Time leased_until, std::size_t most) {
  ASSIGN_OR_RETURN(auto items, tx.find_all(sql<"UPDATE outbox SET next_at = $2 WHERE id IN (SELECT id FROM outbox "
                                               "WHERE state = 'pending' AND next_at <= $1 AND kind = $4 "
                                               "ORDER BY next_at LIMIT $3) RETURNING ",
                                               columns>,
                                           {now, leased_until, most, kind}, read_item));
  std::sort(items.begin(), items.end(),
            [](const OutboxItem& a, const OutboxItem& b) { return a.id.bytes() < b.id.bytes(); });
  for (OutboxItem& item : items) RETURN_IF_ERROR(open_payload(tx, item));
  return items;
}

base::Result<void> finish_outbox(Tx& tx, const base::Id& id, base::Time now) {
  return expect_changed(tx.run("UPDATE outbox SET state = 'delivered', payload = $2, finished_at = $3, "
                               "tries = tries + 1, last_error = '' WHERE id = $1",
                               {id, Blob{}, now}),
                        "the message");
}

base::Result<void> postpone_outbox(Tx& tx, const base::Id& id, std::optional<base::Time> next_at,
                                   std::string_view error) {
  return expect_changed(tx.run("UPDATE outbox SET tries = tries + 1, last_error = $3, next_at = coalesce($2, next_at), "
                               "state = CASE WHEN state <> 'pending' THEN state WHEN $2 IS NULL THEN 'failed' ELSE "
                               "'pending' END WHERE id = $1",
                               {id, next_at, error}),
                        "the message");
}

base::Result<void> put_off_outbox(Tx& tx, const base::Id& id, base::Time next_at, std::string_view error) {
  return without_count(
      tx.run("UPDATE outbox SET next_at = $2, last_error = CASE WHEN $3 = '' THEN last_error ELSE $3 END "
             "WHERE id = $1 AND state = 'pending'",
             {id, next_at, error}));
}

base::Result<std::vector<OutboxItem>> list_outbox(Tx& tx, std::size_t most) {
  return list_outbox_of(tx, base::Id(), "", most);
}

base::Result<std::vector<OutboxItem>> list_outbox_of(Tx& tx, const base::Id& tenant_id, std::string_view state,
                                                     std::size_t most) {
  ASSIGN_OR_RETURN(auto items,
                   tenant_id.is_none() ? list_sealed(tx, state, most) : list_sealed_of(tx, tenant_id, state, most));
  for (OutboxItem& item : items) RETURN_IF_ERROR(open_payload(tx, item));
  return items;
}

base::Result<std::optional<OutboxItem>> find_outbox(Tx& tx, const base::Id& id) {
  ASSIGN_OR_RETURN(auto item, tx.find_one(sql<"SELECT ", columns, " FROM outbox WHERE id = $1">, {id}, read_item));
  if (item) RETURN_IF_ERROR(open_payload(tx, *item));
  return item;
}

base::Result<bool> retry_outbox(Tx& tx, const base::Id& id, base::Time now, base::Time leased_until) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   tx.run("UPDATE outbox SET state = 'pending', next_at = CASE WHEN state = 'failed' THEN $2 "
                          "WHEN next_at > $3 THEN $3 ELSE next_at END "
                          "WHERE id = $1 AND state IN ('pending', 'failed') AND length(payload) > 0",
                          {id, now, leased_until}));
  return changed > 0;
}

base::Result<bool> drop_outbox(Tx& tx, const base::Id& id, base::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   tx.run("UPDATE outbox SET state = 'dropped', payload = $2, finished_at = $3 WHERE id = $1 "
                          "AND state IN ('pending', 'failed')",
                          {id, Blob{}, now}));
  return changed > 0;
}

base::Result<bool> forget_outbox(Tx& tx, const base::Id& id) {
  ASSIGN_OR_RETURN(const std::int64_t deleted, tx.run("DELETE FROM outbox WHERE id = $1", {id}));
  return deleted > 0;
}

base::Result<bool> erase_old_outbox(Tx& tx, base::Time before) {
  constexpr std::int64_t most = 1000;
  ASSIGN_OR_RETURN(const std::int64_t erased,
                   tx.run("UPDATE outbox SET payload = $2 WHERE id IN (SELECT id FROM outbox WHERE state = 'failed' "
                          "AND length(payload) > 0 AND created_at < $1 ORDER BY created_at LIMIT $3)",
                          {before, Blob{}, most}));
  return erased == most;
}

base::Result<std::optional<base::Time>> find_next_due(Tx& tx) {
  return tx.find_one("SELECT next_at FROM outbox WHERE state = 'pending' ORDER BY next_at LIMIT 1", {}, read_time);
}

base::Result<void> seal_outbox_anew(Tx& tx, const crypto::MasterKey& next) {
  struct Sealed {
    base::Id id;
    base::Bytes payload;
  };
  base::Id after;
  while (true) {
    ASSIGN_OR_RETURN(const auto rows, tx.find_all("SELECT id, payload FROM outbox WHERE id > $1 ORDER BY id LIMIT $2",
                                                  {after, rows_of_step}, [](const Row& row) {
                                                    Fields field(row);
                                                    return Sealed{field.id(), field.text()};
                                                  }));
    if (rows.empty()) return {};
    after = rows.back().id;
    for (const Sealed& row : rows) {
      if (row.payload.empty()) continue;
      ASSIGN_OR_RETURN(const base::Bytes sealed, seal_anew(tx, next, purpose, row.payload, place_of(row.id)));
      RETURN_IF_ERROR(tx.run("UPDATE outbox SET payload = $2 WHERE id = $1", {row.id, Blob{sealed}}));
    }
  }
}

}  // namespace store
