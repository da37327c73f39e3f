// Receipts of the events that relying systems wrote, for a day: a request that is sent again writes no second event.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

struct EventReceipt {
  base::Bytes key_hash;   // of the system and the key of its request
  base::Bytes body_hash;  // of what the request said
  std::string request_id;
  base::Time received_at;
};

base::Result<std::optional<EventReceipt>> find_event_receipt(Tx& tx, std::string_view key_hash);
base::Result<void> insert_event_receipt(Tx& tx, const EventReceipt& receipt);
/// What it was written for did not happen.
base::Result<void> delete_event_receipt(Tx& tx, std::string_view key_hash);
/// Deletes at most a few thousand in one call: true if more wait.
base::Result<bool> delete_old_event_receipts(Tx& tx, base::Time before);

}  // namespace store
