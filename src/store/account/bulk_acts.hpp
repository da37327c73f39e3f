// One act of an administrator on many accounts: the run, and an item for each account with its outcome. The rows are
// the state of the run, so that it goes on after a restart and on any node.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

struct BulkAct {
  base::Id id;
  base::Id tenant_id;   // of the actor
  base::Id actor_id;    // the account that began it
  base::Id session_id;  // in which the actor acts, also after it got a new id
  base::Id context_id;  // the acting context
  std::string act;      // "suspend", "add_group", …
  std::string target;   // name of the group, key of the context; "" = none
  std::string motive;   // of audit::motive
  std::string state;    // "running", "done", "stopped", "refused"
  base::Time created_at;
  std::optional<base::Time> finished_at;
};
struct BulkItem {
  std::int64_t position = 0;  // from 1
  base::Id account_id;
  std::string outcome;  // "" = waits
};
/// Errors: already_exists (the actor has another one that is running), not_found (no such account).
base::Result<void> insert_bulk_act(Tx& tx, const BulkAct& act, const std::vector<base::Id>& accounts);
base::Result<std::optional<BulkAct>> find_bulk_act(Tx& tx, const base::Id& id);
/// Of the account, the newest first.
base::Result<std::vector<BulkAct>> list_bulk_acts_of(Tx& tx, const base::Id& actor_id, std::size_t most);
/// Those that are running, the oldest first.
base::Result<std::vector<BulkAct>> list_running_bulk_acts(Tx& tx, std::size_t most);
/// The first one without an outcome.
base::Result<std::optional<BulkItem>> find_waiting_item(Tx& tx, const base::Id& act_id);
/// In their order.
base::Result<std::vector<BulkItem>> list_bulk_items(Tx& tx, const base::Id& act_id);

/// Gives an item that waits its outcome. False: it has one, or the run has ended.
base::Result<bool> settle_bulk_item(Tx& tx, const base::Id& act_id, std::int64_t position, std::string_view outcome);
struct BulkEnd {
  std::string_view state;    // of the run
  std::string_view outcome;  // of all items that wait
  base::Time at;
};
/// False: the run has ended already.
base::Result<bool> end_bulk_act(Tx& tx, const base::Id& act_id, const BulkEnd& end);
/// How many items have the outcome.
base::Result<std::int64_t> count_bulk_items(Tx& tx, const base::Id& act_id, std::string_view outcome);

/// Deletes those that ended and were begun before, at most ten in one call: true if more may be left.
base::Result<bool> delete_old_bulk_acts(Tx& tx, base::Time before);

}  // namespace store
