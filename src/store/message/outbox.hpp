// Messages to people and to other systems, written in the transaction that causes them and sent by a worker (courier).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "crypto/key/master_key.hpp"
#include "store/engine/store.hpp"

namespace store {

struct OutboxItem {
  base::Id id;
  base::Id tenant_id;
  std::string kind;     // logout | mail | sms | webhook
  std::string payload;  // JSON, sealed at rest
  std::int64_t tries = 0;
  base::Time next_at;
  std::string state = "pending";  // pending | delivered | failed | dropped
  std::string last_error;
  base::Time created_at;
};
base::Result<void> insert_outbox(Tx& tx, const OutboxItem& item);
/// Whether an item of the kind is due.
base::Result<bool> is_kind_due(Tx& tx, std::string_view kind, base::Time now);
/// Takes up to `most` pending items of a kind that are due and leases them: their next_at becomes `leased_until`, so
/// that no other node or worker takes them meanwhile. A crash delays them until then.
base::Result<std::vector<OutboxItem>> take_due_outbox(Tx& tx, std::string_view kind, base::Time now,
                                                      base::Time leased_until, std::size_t most);
/// Delivered: `kept` takes the place of the payload; "" = nothing is kept.
base::Result<void> finish_outbox(Tx& tx, const base::Id& id, std::string_view kept, base::Time now);
/// One more try has failed. The next one is at `next_at`; nullopt = given up. An item that was given up keeps its
/// payload until erase_old_outbox, so that it can be retried.
base::Result<void> postpone_outbox(Tx& tx, const base::Id& id, std::optional<base::Time> next_at,
                                   std::string_view error);
/// Not tried: a pending item waits until `next_at`. Its count of tries stays; `error` "" leaves the last error.
base::Result<void> put_off_outbox(Tx& tx, const base::Id& id, base::Time next_at, std::string_view error);
base::Result<std::vector<OutboxItem>> list_outbox(Tx& tx, std::size_t most);
/// All values of OutboxItem::state.
inline constexpr std::array<std::string_view, 4> outbox_states{"pending", "delivered", "failed", "dropped"};

struct OutboxPlace {
  base::Time created_at;
  base::Id id;
};
struct OutboxLook {
  base::Id tenant_id{};                // none = every tenant
  std::string state{};                 // "" = every state
  std::optional<OutboxPlace> place{};  // the page behind it; nullopt = from the end
  bool backward = false;               // towards the newest; otherwise from the newest to the oldest
  std::size_t most = 50;
};
/// In the order in which they are met.
base::Result<std::vector<OutboxItem>> look_at_outbox(Tx& tx, const OutboxLook& look);
/// Of the look's tenant and state, at most `most` of each state.
base::Result<std::int64_t> count_outbox(Tx& tx, const OutboxLook& look, std::size_t most);
/// Deletes the rows of messages that were delivered or dropped and were created before `before`, at most a thousand of
/// each: true if more wait.
base::Result<bool> delete_old_outbox(Tx& tx, base::Time before);
base::Result<std::optional<OutboxItem>> find_outbox(Tx& tx, const base::Id& id);
/// Deletes an item of which no record is needed. False if it is not there.
base::Result<bool> forget_outbox(Tx& tx, const base::Id& id);
/// Makes a failed item due now, and a pending one at `leased_until` at the latest, the end of a lease that begins now,
/// because a worker may be sending it. False if it is neither, or its payload is erased.
base::Result<bool> retry_outbox(Tx& tx, const base::Id& id, base::Time now, base::Time leased_until);
/// A pending or failed item is not sent any more, and its payload erased. False if it is neither.
base::Result<bool> drop_outbox(Tx& tx, const base::Id& id, base::Time now);
/// Erases the payload of messages that were given up and were created before `before`, of at most a thousand: true if
/// more wait.
base::Result<bool> erase_old_outbox(Tx& tx, base::Time before);
/// When the next pending item is due; nullopt = none waits.
base::Result<std::optional<base::Time>> find_next_due(Tx& tx);

/// Seals all payloads under the next master key. Errors: internal (a value does not open).
base::Result<void> seal_outbox_anew(Tx& tx, const crypto::MasterKey& next);

}  // namespace store
