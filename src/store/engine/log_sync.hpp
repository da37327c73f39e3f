// Durability. COMMIT writes to the log of the database. Engine::sync_log makes the log durable, after the COMMIT and
// outside of the writer's turn, so that the next group runs while the last one is written to the disk
// (docs/decisions/0010).
//
//              wait_for                        sync_log, without the lock
//   committed ──────────> one thread syncs, for all commits before this moment ──> durable, or failed for ever
//                 │                               ^
//                 └── a sync is running: waits, then tries again
//
// Every function is called with the lock of the writer held; `wait_for` releases it while it waits, syncs or calls
// back. Invariant: no success is reported before the commit is durable.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "store/driver/engine.hpp"
#include "store/engine/commit.hpp"

namespace store {

class LogSync {
 public:
  explicit LogSync(Engine& engine) : engine_(engine) {}

  /// Takes over commits that have ended, oldest first.
  void add(std::vector<std::shared_ptr<Commit>> ended);
  /// Waits until the commit, which was added, is durable. Error unavailable: it is not, and nothing of its members has
  /// happened.
  base::Result<void> wait_for(const Commit& commit, std::unique_lock<std::mutex>& lock);
  /// Waits for all that were added so far.
  void wait_for_all(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] bool has_unsynced() const { return !unsynced_.empty(); }
  /// Set, until the process ends, once the log could not be made durable; nothing may be written any more.
  [[nodiscard]] const std::optional<base::Error>& broken() const { return broken_; }

 private:
  void sync(std::unique_lock<std::mutex>& lock);

  Engine& engine_;
  std::deque<std::shared_ptr<Commit>> unsynced_;  // oldest first
  bool syncing_ = false;
  std::condition_variable synced_;
  std::optional<base::Error> broken_;
};

}  // namespace store
