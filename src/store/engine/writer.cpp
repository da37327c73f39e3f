#include "store/engine/writer.hpp"

#include <algorithm>

#include "store/engine/kept_scope.hpp"

namespace store {

Writer::Writer(Engine& engine, const crypto::MasterKey& master, const base::Secret& seal_key, KeptRows& kept,
               Limits limits)
    : engine_(engine),
      turns_(std::max<std::size_t>(limits.group, 1), limits.queue),
      transaction_(engine, master, seal_key, kept, std::max<std::size_t>(limits.group, 1)),
      log_(engine) {}

void Writer::use(std::unique_ptr<Connection> connection) {
  transaction_.use(std::move(connection));
  // Started here, so that the start fails, and no later request, if the system refuses a thread.
  if (!engine_.is_postgresql()) flusher_ = std::thread([this] { work(); });
}

void Writer::end() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  flush_wanted_.notify_one();
  if (flusher_.joinable()) flusher_.join();
}

base::Result<void> Writer::run(const Body& body) {
  QueuedWrite me{.body = &body, .uses_kept = KeptScope::is_open()};
  std::unique_lock lock(mutex_);
  RETURN_IF_ERROR(take_part(me, lock));
  return log_.wait_for(*me.commit, lock);
}

base::Result<void> Writer::begin(const Body& body, std::shared_ptr<Commit>& commit) {
  QueuedWrite me{.body = &body, .deferred = true, .uses_kept = KeptScope::is_open()};
  std::unique_lock lock(mutex_);
  RETURN_IF_ERROR(take_part(me, lock));
  commit = std::move(me.commit);
  return {};
}

base::Result<bool> Writer::empty_log() {
  QueuedWrite me{.empties_log = true};
  std::unique_lock lock(mutex_);
  if (log_.broken()) return tl::unexpected<base::Error>(*log_.broken());
  RETURN_IF_ERROR(take_part(me, lock));
  return me.log_is_empty;
}

base::Result<void> Writer::finish(const std::shared_ptr<Commit>& commit) {
  std::unique_lock lock(mutex_);
  if (!commit->over) commit_open(lock);
  return log_.wait_for(*commit, lock);
}

void Writer::when_over(const std::shared_ptr<Commit>& commit, Commit::Told told) {
  std::unique_lock lock(mutex_);
  if (!commit->over) {
    commit->told.push_back(std::move(told));
    return;
  }
  const base::Result<void> result = commit->result();
  lock.unlock();
  told(result);
}

bool Writer::is_sound() {
  const std::lock_guard lock(mutex_);
  return !log_.broken();
}

bool Writer::fails() {
  const std::lock_guard lock(mutex_);
  return fails_;
}

void Writer::flush() {
  const std::lock_guard lock(mutex_);
  if (!has_open_ && !log_.has_unsynced()) return;
  wants_flush_ = true;
  flush_wanted_.notify_one();
}

void Writer::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    flush_wanted_.wait(lock, [this] { return wants_flush_ || ending_; });
    wants_flush_ = false;
    commit_open(lock);
    log_.wait_for_all(lock);
    if (ending_ && !has_open_ && !log_.has_unsynced()) return;
  }
}

void Writer::commit_open(std::unique_lock<std::mutex>& lock) {
  if (!has_open_) return;
  QueuedWrite me;
  (void)take_part(me, lock);
}

base::Result<void> Writer::take_part(QueuedWrite& member, std::unique_lock<std::mutex>& lock) {
  if (member.body != nullptr) {
    if (log_.broken()) return tl::unexpected<base::Error>(*log_.broken());
    if (!turns_.has_room()) return base::fail(base::Code::unavailable, "too many writes are waiting");
  }
  Turns::Place place(member);
  if (turns_.enter(place, lock)) {
    const Group& group = turns_.take_group();
    lock.unlock();
    transaction_.run(group);
    lock.lock();
    log_.add(transaction_.take_ended());
    fails_ = transaction_.fails();
    has_open_ = transaction_.is_open();
    turns_.end_turn(lock);
  }
  return std::move(*member.result);
}

}  // namespace store
