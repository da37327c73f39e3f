#include "store/engine/log_sync.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace store {

void LogSync::add(std::vector<std::shared_ptr<Commit>> ended) {
  for (auto& commit : ended) unsynced_.push_back(std::move(commit));
}

base::Result<void> LogSync::wait_for(const Commit& commit, std::unique_lock<std::mutex>& lock) {
  while (!commit.over) {
    if (syncing_) {
      synced_.wait(lock);
    } else {
      sync(lock);
    }
  }
  return commit.result();
}

void LogSync::wait_for_all(std::unique_lock<std::mutex>& lock) {
  if (unsynced_.empty()) return;
  const std::shared_ptr<Commit> last = unsynced_.back();
  (void)wait_for(*last, lock);
}

void LogSync::sync(std::unique_lock<std::mutex>& lock) {
  syncing_ = true;
  const std::size_t count = unsynced_.size();
  const bool has_success =
      std::any_of(unsynced_.begin(), unsynced_.end(), [](const auto& commit) { return !commit->failure; });
  lock.unlock();
  const base::Result<void> done = has_success ? engine_.sync_log() : base::Result<void>();
  lock.lock();
  syncing_ = false;
  if (!done) {
    // The system may have dropped the data that it could not write, so that a second sync could succeed without them.
    broken_ = base::Error{base::Code::unavailable,
                          "the log of the database could not be made durable: " + done.error().reason};
    base::log(base::Level::error, broken_->reason + "; nothing is written until the next start");
  }
  std::vector<std::pair<Commit::Told, base::Result<void>>> told;
  for (std::size_t i = 0; i < count; ++i) {
    Commit& commit = *unsynced_.front();
    if (broken_ && !commit.failure) commit.failure = broken_;
    commit.over = true;
    for (Commit::Told& one : commit.told) told.emplace_back(std::move(one), commit.result());
    commit.told.clear();
    unsynced_.pop_front();
  }
  synced_.notify_all();
  if (told.empty()) return;
  lock.unlock();
  for (const auto& [tell, result] : told) tell(result);
  lock.lock();
}

}  // namespace store
