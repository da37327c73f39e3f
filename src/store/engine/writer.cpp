#include "store/engine/writer.hpp"

#include <algorithm>
#include <exception>
#include <thread>

#include "base/log.hpp"

namespace store {

void Writer::use(std::unique_ptr<Connection> connection) {
  connection_ = std::move(connection);
  // Now, while a system that is out of threads only stops the start.
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
  Member me(&body);
  std::unique_lock lock(mutex_);
  RETURN_IF_ERROR(take_part(me, lock));
  return wait_for(*me.commit, lock);
}

base::Result<void> Writer::begin(const Body& body, std::shared_ptr<Commit>& commit) {
  Member me(&body);
  me.deferred = true;
  std::unique_lock lock(mutex_);
  RETURN_IF_ERROR(take_part(me, lock));
  commit = std::move(me.commit);
  return {};
}

base::Result<void> Writer::finish(const std::shared_ptr<Commit>& commit) {
  std::unique_lock lock(mutex_);
  if (!commit->over && has_open_) {
    Member me(nullptr);
    (void)take_part(me, lock);
  }
  return wait_for(*commit, lock);
}

void Writer::when_over(const std::shared_ptr<Commit>& commit, Told told) {
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
  return !broken_;
}

void Writer::flush() {
  const std::lock_guard lock(mutex_);
  if (!has_open_ && unsynced_.empty()) return;
  wants_flush_ = true;
  flush_wanted_.notify_one();
}

void Writer::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    flush_wanted_.wait(lock, [this] { return wants_flush_ || ending_; });
    wants_flush_ = false;
    if (has_open_) {
      Member me(nullptr);
      (void)take_part(me, lock);
    }
    if (!unsynced_.empty()) {
      const std::shared_ptr<Commit> last = unsynced_.back();
      (void)wait_for(*last, lock);
    }
    if (ending_ && !has_open_ && unsynced_.empty()) return;
  }
}

// Whoever waits and finds nobody at it makes the log durable for all that have been committed so far.
base::Result<void> Writer::wait_for(const Commit& commit, std::unique_lock<std::mutex>& lock) {
  while (!commit.over) {
    if (syncing_) {
      synced_.wait(lock);
    } else {
      sync(lock);
    }
  }
  return commit.result();
}

void Writer::sync(std::unique_lock<std::mutex>& lock) {
  syncing_ = true;
  const std::size_t count = unsynced_.size();
  const bool fruitless =
      std::all_of(unsynced_.begin(), unsynced_.end(), [](const auto& commit) { return commit->failure.has_value(); });
  lock.unlock();
  const base::Result<void> done = fruitless ? base::Result<void>() : engine_.sync_log();
  lock.lock();
  syncing_ = false;
  if (!done) {
    // The system may have thrown away what it could not write: a second try would succeed and mean nothing.
    broken_ = base::Error{base::Code::unavailable,
                          "the log of the database could not be made durable: " + done.error().reason};
    base::log(base::Level::error, broken_->reason + "; nothing is written until the next start");
  }
  std::vector<std::pair<Told, base::Result<void>>> told;
  for (std::size_t i = 0; i < count; ++i) {
    Commit& commit = *unsynced_.front();
    if (broken_ && !commit.failure) commit.failure = broken_;
    commit.over = true;
    for (Told& one : commit.told) told.emplace_back(std::move(one), commit.result());
    commit.told.clear();
    unsynced_.pop_front();
  }
  synced_.notify_all();
  if (told.empty()) return;
  lock.unlock();
  for (const auto& [tell, result] : told) tell(result);
  lock.lock();
}

base::Result<void> Writer::take_part(Member& me, std::unique_lock<std::mutex>& lock) {
  if (broken_ && me.body != nullptr) return tl::unexpected<base::Error>(*broken_);
  if (me.body != nullptr && waiting_.size() >= queue_limit_) {
    return base::fail(base::Code::unavailable, "too many writes are waiting");
  }
  waiting_.push_back(&me);
  if (busy_) {
    me.called->wait(lock, [&] { return me.answered || me.leads; });
  } else {
    busy_ = true;
    if (!me.deferred) gather(lock);
  }
  if (!me.answered) lead(lock);
  return std::move(*me.result);
}

void Writer::gather(std::unique_lock<std::mutex>& lock) {
  // Whoever is about to write joins this commit instead of waiting for the next: a commit costs more than a look
  // around. Ends as soon as nobody came; alone on an idle machine that is one system call.
  constexpr int looks = 8;
  for (int look = 0; look < looks && waiting_.size() < group_limit_; ++look) {
    const std::size_t before = waiting_.size();
    lock.unlock();
    std::this_thread::yield();
    lock.lock();
    if (waiting_.size() == before) return;
  }
}

void Writer::lead(std::unique_lock<std::mutex>& lock) {
  // Members are answered in order of arrival, so the leader is the first of his group.
  const std::size_t size = std::min(group_limit_, waiting_.size());
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(size);
  group_.assign(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  lock.unlock();
  try {
    run_group(group_);
  } catch (...) {  // out of memory: nobody may wait for ever, and nothing may be taken for committed
    give_up();
    connection_.reset();
    for (Member* member : group_)
      member->result.emplace(base::fail(base::Code::unavailable, "a write could not be run"));
  }
  lock.lock();
  for (auto& commit : ended_) unsynced_.push_back(std::move(commit));
  ended_.clear();
  has_open_ = open_ != nullptr;
  std::vector<std::shared_ptr<std::condition_variable>> calls;
  for (Member* member : group_) {
    if (member != group_.front()) calls.push_back(member->called);
    member->answered = true;
  }
  if (waiting_.empty()) {
    busy_ = false;
  } else {
    waiting_.front()->leads = true;
    calls.push_back(waiting_.front()->called);
  }
  if (calls.empty()) return;
  // Outside of the lock: whoever is called wants it first of all.
  lock.unlock();
  for (const auto& call : calls) call->notify_one();
  lock.lock();
}

const std::shared_ptr<std::condition_variable>& Writer::own_call() {
  thread_local const auto call = std::make_shared<std::condition_variable>();
  return call;
}

void Writer::run_group(const Group& group) {
  constexpr int attempts = 3;
  base::Result<void> done = base::fail(base::Code::unavailable, "not tried");
  for (int attempt = 1; attempt <= attempts; ++attempt) {
    done = try_group(group);
    if (done || !may_try_again_) break;
  }
  if (done) return;
  base::log(base::Level::error, "a group of writes was not committed",
            {{"reason", base::describe(done.error())}, {"members", std::to_string(group.size())}});
  for (Member* member : group) {
    // Whose own body said no has his true answer; for all others nothing has happened.
    if (!member->result || *member->result)
      member->result.emplace(base::fail(base::Code::unavailable, done.error().reason));
  }
}

base::Result<void> Writer::try_group(const Group& group) {
  may_try_again_ = false;
  bool durable = false;  // whether somebody wants it now
  bool works = false;
  for (Member* member : group) {
    member->result.reset();
    durable = durable || !member->deferred;
    works = works || member->body != nullptr;
  }
  // Those who have gone on cannot be called again.
  const bool repeatable = open_ == nullptr;
  bool committing = false;
  base::Result<void> done;
  if (open_ == nullptr && works) done = open();
  if (done) done = run_members(group);
  if (done && open_ != nullptr && size_ == 0) {
    drop();
  } else if (done && open_ != nullptr && (durable || size_ >= group_limit_)) {
    done = commit(committing);
  }
  if (done) return done;
  may_try_again_ = false;
  if (repeatable && connection_) {
    // Once COMMIT was sent on a connection that was lost, nobody knows its outcome: running again could do all twice.
    const Failure failure = connection_->last_failure();
    may_try_again_ = failure == Failure::retry || (failure == Failure::lost && !committing);
  }
  if (open_ != nullptr) open_->failure = base::Error{base::Code::unavailable, done.error().reason};
  give_up();
  return done;
}

base::Result<void> Writer::open() {
  if (!connection_) {
    ASSIGN_OR_RETURN(connection_, engine_.connect_writer());
  }
  // Of a shared database somebody else may have moved the log's end meanwhile.
  if (connection_->is_shared()) chain_.known = false;
  connection_->forget_failure();
  open_ = std::make_shared<Commit>();
  size_ = 0;
  return connection_->begin_write();
}

base::Result<void> Writer::commit(bool& sent) {
  Tx tx(*connection_, master_, seal_key_, chain_);
  RETURN_IF_ERROR(write_head(tx));
  sent = true;
  RETURN_IF_ERROR(connection_->commit());
  ended_.push_back(std::move(open_));
  open_.reset();
  return {};
}

// Every body said no: there is nothing to commit and nobody to tell.
void Writer::drop() {
  connection_->rollback();
  open_.reset();
}

// The transaction is lost, whatever it held.
void Writer::give_up() {
  chain_.known = false;
  chain_.moved = false;
  if (open_) {
    if (!open_->failure) open_->failure = base::Error{base::Code::unavailable, "a write could not be run"};
    ended_.push_back(std::move(open_));
    open_.reset();
  }
  if (!connection_) return;
  if (connection_->last_failure() == Failure::lost) {
    connection_.reset();
  } else {
    connection_->rollback();
  }
}

base::Result<void> Writer::run_members(const Group& group) {
  for (Member* member : group) {
    if (member->body == nullptr) {
      member->result.emplace();
      continue;
    }
    RETURN_IF_ERROR(run_member(*member));
    if (*member->result) member->commit = open_;
  }
  return {};
}

// An error of this function is one of the whole group.
base::Result<void> Writer::run_member(Member& member) {
  const ChainEnd before = chain_;
  // The first can be undone by beginning anew.
  const bool first = size_ == 0;
  if (!first) RETURN_IF_ERROR(connection_->set_savepoint());
  Tx tx(*connection_, master_, seal_key_, chain_);
  member.result.emplace(call(*member.body, tx));
  // A body may not hide that a statement of it failed: on PostgreSQL nothing after it can be committed.
  if (*member.result && tx.failure()) member.result.emplace(tl::unexpected<base::Error>(*tx.failure()));
  if (*member.result) {
    ++size_;
    return first ? base::Result<void>() : connection_->release_savepoint();
  }
  const Failure failure = connection_->last_failure();
  if (failure == Failure::transaction || failure == Failure::retry || failure == Failure::lost) {
    const base::Error error = member.result->error();
    member.result.reset();
    return tl::unexpected<base::Error>(error);
  }
  connection_->forget_failure();
  chain_ = before;
  if (!first) return connection_->roll_back_to_savepoint();
  connection_->rollback();
  return connection_->begin_write();
}

base::Result<void> Writer::call(const Body& body, Tx& tx) {
  try {
    return body(tx);
  } catch (const std::exception& thrown) {
    return base::fail(base::Code::internal, std::string("a write threw: ") + thrown.what());
  } catch (...) {
    return base::fail(base::Code::internal, "a write threw");
  }
}

}  // namespace store
