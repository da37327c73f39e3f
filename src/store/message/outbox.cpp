#include "store/message/outbox.hpp"

#include <algorithm>
#include <iterator>

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::string_view purpose = "outbox";

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

// Each of these reads as many rows as it gives, however many the outbox holds; payloads are still sealed. The order is
// that of created_at, because for the order of id PostgreSQL sometimes reads the whole primary key and filters.

base::Result<std::vector<OutboxItem>> look_at_state(Tx& tx, const OutboxLook& look, std::string_view state) {
  const OutboxPlace end = look.backward ? OutboxPlace{} : OutboxPlace{last_time(), last_id()};
  const OutboxPlace place = look.place.value_or(end);
  if (look.tenant_id.is_none() && look.backward) {
    return tx.find_all(sql<"SELECT ", columns,
                           " FROM outbox WHERE state = $1 AND (created_at, id) > ($2, $3) "
                           "ORDER BY created_at, id LIMIT $4">,
                       {state, place.created_at, place.id, look.most}, read_item);
  }
  if (look.tenant_id.is_none()) {
    return tx.find_all(sql<"SELECT ", columns,
                           " FROM outbox WHERE state = $1 AND (created_at, id) < ($2, $3) "
                           "ORDER BY created_at DESC, id DESC LIMIT $4">,
                       {state, place.created_at, place.id, look.most}, read_item);
  }
  if (look.backward) {
    return tx.find_all(sql<"SELECT ", columns,
                           " FROM outbox WHERE tenant_id = $1 AND state = $2 "
                           "AND (created_at, id) > ($3, $4) ORDER BY created_at, id LIMIT $5">,
                       {look.tenant_id, state, place.created_at, place.id, look.most}, read_item);
  }
  return tx.find_all(sql<"SELECT ", columns,
                         " FROM outbox WHERE tenant_id = $1 AND state = $2 "
                         "AND (created_at, id) < ($3, $4) ORDER BY created_at DESC, id DESC LIMIT $5">,
                     {look.tenant_id, state, place.created_at, place.id, look.most}, read_item);
}

std::vector<std::string_view> states_of(const OutboxLook& look) {
  if (!look.state.empty()) return {look.state};
  return {outbox_states.begin(), outbox_states.end()};
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

base::Result<void> finish_outbox(Tx& tx, const base::Id& id, std::string_view kept, base::Time now) {
  const base::Bytes sealed = kept.empty() ? base::Bytes() : tx.master().seal(purpose, kept, place_of(id));
  return expect_changed(tx.run("UPDATE outbox SET state = 'delivered', payload = $2, finished_at = $3, "
                               "tries = tries + 1, last_error = '' WHERE id = $1",
                               {id, Blob{sealed}, now}),
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
  OutboxLook look;
  look.most = most;
  return look_at_outbox(tx, look);
}

base::Result<std::vector<OutboxItem>> look_at_outbox(Tx& tx, const OutboxLook& look) {
  std::vector<OutboxItem> all;
  for (const std::string_view state : states_of(look)) {
    ASSIGN_OR_RETURN(auto items, look_at_state(tx, look, state));
    std::move(items.begin(), items.end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end(), [&](const OutboxItem& a, const OutboxItem& b) {
    const auto key = [](const OutboxItem& one) { return std::pair(one.created_at, one.id); };
    return look.backward ? key(a) < key(b) : key(b) < key(a);
  });
  if (all.size() > look.most) all.resize(look.most);
  for (OutboxItem& item : all) RETURN_IF_ERROR(open_payload(tx, item));
  return all;
}

base::Result<std::int64_t> count_outbox(Tx& tx, const OutboxLook& look, std::size_t most) {
  std::int64_t all = 0;
  for (const std::string_view state : states_of(look)) {
    auto count = look.tenant_id.is_none()
                     ? tx.find_one("SELECT count(*) FROM (SELECT id FROM outbox WHERE state = $1 LIMIT $2) s",
                                   {state, most}, read_integer)
                     : tx.find_one(
                           "SELECT count(*) FROM (SELECT id FROM outbox WHERE tenant_id = $1 AND state = $2 "
                           "LIMIT $3) s",
                           {look.tenant_id, state, most}, read_integer);
    if (!count) return base::pass_on(std::move(count));
    all += count->value_or(0);
  }
  return all;
}

base::Result<bool> delete_old_outbox(Tx& tx, base::Time before) {
  constexpr std::int64_t most = 1000;
  bool more = false;
  for (const std::string_view state : {"delivered", "dropped"}) {
    ASSIGN_OR_RETURN(const std::int64_t deleted,
                     tx.run("DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state = $1 "
                            "AND created_at < $2 ORDER BY created_at LIMIT $3)",
                            {state, before, most}));
    more = more || deleted == most;
  }
  return more;
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
  const auto read_after = [&](const base::Id& last, std::int64_t most) {
    return tx.find_all("SELECT id, payload FROM outbox WHERE id > $1 ORDER BY id LIMIT $2", {last, most},
                       [](const Row& row) {
                         Fields field(row);
                         return Sealed{field.id(), field.text()};
                       });
  };
  return for_each_in_steps<base::Id>(
      read_after, [](const Sealed& row) { return row.id; },
      [&](const Sealed& row) -> base::Result<void> {
        if (row.payload.empty()) return {};
        ASSIGN_OR_RETURN(const base::Bytes sealed, seal_anew(tx, next, purpose, row.payload, place_of(row.id)));
        return without_count(tx.run("UPDATE outbox SET payload = $2 WHERE id = $1", {row.id, Blob{sealed}}));
      });
}

}  // namespace store
