#include "store/account/bulk_acts.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::size_t most_swept = 10;

constexpr SqlPart columns =
    "id, tenant_id, actor_id, session_id, context_id, act, target, motive, state, created_at, finished_at";

BulkAct read_act(const Row& row) {
  Fields field(row);
  BulkAct act;
  act.id = field.id();
  act.tenant_id = field.id();
  act.actor_id = field.id();
  act.session_id = field.id();
  act.context_id = field.id();
  act.act = field.text();
  act.target = field.text();
  act.motive = field.text();
  act.state = field.text();
  act.created_at = field.time();
  act.finished_at = field.optional_time();
  return act;
}

BulkItem read_item(const Row& row) {
  Fields field(row);
  BulkItem item;
  item.position = field.integer();
  item.account_id = field.id();
  item.outcome = field.text();
  return item;
}

}  // namespace

base::Result<void> insert_bulk_act(Tx& tx, const BulkAct& act, const std::vector<base::Id>& accounts) {
  ASSIGN_OR_RETURN(const std::int64_t added,
                   tx.run("INSERT INTO bulk_act(id, tenant_id, actor_id, session_id, context_id, act, target, motive, "
                          "state, created_at) "
                          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
                          {act.id, act.tenant_id, act.actor_id, act.session_id, act.context_id, act.act, act.target,
                           act.motive, act.state, act.created_at}));
  if (added == 0) return base::fail(base::Code::already_exists, "another run of this account has not ended");
  std::int64_t position = 0;
  for (const base::Id& account : accounts) {
    RETURN_IF_ERROR(
        tx.run("INSERT INTO bulk_item(act_id, position, account_id, outcome) SELECT $1, $2, id, '' FROM account "
               "WHERE id = $3",
               {act.id, ++position, account}));
  }
  return {};
}

base::Result<std::optional<BulkAct>> find_bulk_act(Tx& tx, const base::Id& id) {
  return tx.find_one(sql<"SELECT ", columns, " FROM bulk_act WHERE id = $1">, {id}, read_act);
}

base::Result<std::vector<BulkAct>> list_bulk_acts_of(Tx& tx, const base::Id& actor_id, std::size_t most) {
  return tx.find_all(sql<"SELECT ", columns, " FROM bulk_act WHERE actor_id = $1 ORDER BY id DESC LIMIT $2">,
                     {actor_id, most}, read_act);
}

base::Result<std::vector<BulkAct>> list_running_bulk_acts(Tx& tx, std::size_t most) {
  return tx.find_all(sql<"SELECT ", columns, " FROM bulk_act WHERE state = 'running' ORDER BY id LIMIT $1">, {most},
                     read_act);
}

base::Result<std::optional<BulkItem>> find_waiting_item(Tx& tx, const base::Id& act_id) {
  return tx.find_one(
      "SELECT position, account_id, outcome FROM bulk_item WHERE act_id = $1 AND outcome = '' ORDER BY position "
      "LIMIT 1",
      {act_id}, read_item);
}

base::Result<std::vector<BulkItem>> list_bulk_items(Tx& tx, const base::Id& act_id) {
  return tx.find_all("SELECT position, account_id, outcome FROM bulk_item WHERE act_id = $1 ORDER BY position",
                     {act_id}, read_item);
}

base::Result<bool> settle_bulk_item(Tx& tx, const base::Id& act_id, std::int64_t position, std::string_view outcome) {
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      tx.run("UPDATE bulk_item SET outcome = $3 WHERE act_id = $1 AND position = $2 AND outcome = '' AND EXISTS "
             "(SELECT 1 FROM bulk_act WHERE id = $1 AND state = 'running')",
             {act_id, position, outcome}));
  return changed > 0;
}

base::Result<bool> end_bulk_act(Tx& tx, const base::Id& act_id, const BulkEnd& end) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   tx.run("UPDATE bulk_act SET state = $2, finished_at = $3 WHERE id = $1 AND state = 'running'",
                          {act_id, end.state, end.at}));
  if (changed == 0) return false;
  RETURN_IF_ERROR(
      tx.run("UPDATE bulk_item SET outcome = $2 WHERE act_id = $1 AND outcome = ''", {act_id, end.outcome}));
  return true;
}

base::Result<std::int64_t> count_bulk_items(Tx& tx, const base::Id& act_id, std::string_view outcome) {
  ASSIGN_OR_RETURN(const auto count,
                   tx.find_one("SELECT count(*) FROM bulk_item WHERE act_id = $1 AND outcome = $2", {act_id, outcome},
                               [](const Row& row) { return Fields(row).integer(); }));
  return count.value_or(0);
}

base::Result<bool> delete_old_bulk_acts(Tx& tx, base::Time before) {
  ASSIGN_OR_RETURN(
      const auto ids,
      tx.find_all("SELECT id FROM bulk_act WHERE created_at < $1 AND state <> 'running' ORDER BY id LIMIT $2",
                  {before, most_swept}, read_id));
  for (const base::Id& id : ids) {
    RETURN_IF_ERROR(tx.run("DELETE FROM bulk_item WHERE act_id = $1", {id}));
    RETURN_IF_ERROR(tx.run("DELETE FROM bulk_act WHERE id = $1", {id}));
  }
  return ids.size() == most_swept;
}

}  // namespace store
