// Counts for the lockout of identity/lockout/throttling.hpp, each under a keyed hash: failed proofs by source. They
// are read and written in the transaction of the attempt, so that of parallel attempts none is lost.
#pragma once

#include <optional>
#include <string_view>

#include "base/id.hpp"
#include "base/time.hpp"
#include "identity/lockout/throttling.hpp"
#include "store/engine/store.hpp"

namespace store {

base::Result<identity::FailureCount> find_failures(Tx& tx, std::string_view key_hash);
/// `account_id`: nullopt = of a name that no account has. `barrier`: until when strangers have to wait.
base::Result<void> set_failure_count(Tx& tx, std::string_view key_hash, const std::optional<base::Id>& account_id,
                                     const identity::FailureCount& count, base::Time barrier);
base::Result<void> delete_failures(Tx& tx, std::string_view key_hash);
/// Deletes the counts of the account for all sources and kinds of proof.
base::Result<void> delete_failures_of(Tx& tx, const base::Id& account_id);
/// The latest barrier of strangers at this account that lies after `now`; nullopt = there is none.
base::Result<std::optional<base::Time>> find_barrier_of(Tx& tx, const base::Id& account_id, base::Time now);

/// Deletes counts and buckets without an event since `before`, at most a few thousand in one call: true if more wait.
base::Result<bool> delete_old_failures(Tx& tx, base::Time before);

/// One more hit of a keyed-hash bucket within a window that starts at the first; gives the count with this one.
base::Result<std::int64_t> count_in_window(Tx& tx, std::string_view key_hash, base::Duration window, base::Time now);
/// Deletes the buckets whose window is over, at most a few thousand in one call: true if more wait.
base::Result<bool> delete_old_throttles(Tx& tx, base::Time now);

}  // namespace store
