#include "store/writer.hpp"

#include <exception>
#include <thread>

#include "base/log.hpp"

namespace store {

base::Result<void> Writer::run(const Body& body) {
  Member me(body);
  std::unique_lock lock(mutex_);
  if (waiting_.size() >= queue_limit_) return base::fail(base::Code::unavailable, "too many writes are waiting");
  waiting_.push_back(&me);
  if (busy_) {
    me.called.wait(lock, [&] { return me.answered || me.leads; });
  } else {
    busy_ = true;
    gather(lock);
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
    connection_.reset();
    chain_ = {};
    for (Member* member : group_) member->result.emplace(base::fail(base::Code::unavailable, "a write could not be run"));
  }
  lock.lock();
  // Called under the lock: an answered member may be gone as soon as it is let go.
  for (Member* member : group_) {
    member->answered = true;
    if (member != group_.front()) member->called.notify_one();
  }
  if (waiting_.empty()) {
    busy_ = false;
  } else {
    waiting_.front()->leads = true;
    waiting_.front()->called.notify_one();
  }
}

void Writer::run_group(const Group& group) {
  constexpr int attempts = 3;
  base::Result<void> committed = base::fail(base::Code::unavailable, "not tried");
  for (int attempt = 1; attempt <= attempts; ++attempt) {
    committed = try_group(group);
    if (committed || !may_try_again_) break;
  }
  if (committed) return;
  base::log(base::Level::error, "a group of writes was not committed",
            {{"reason", base::describe(committed.error())}, {"members", std::to_string(group.size())}});
  for (Member* member : group) {
    // Whose own body said no has his true answer; for all others nothing has happened.
    if (!member->result || *member->result) member->result.emplace(base::fail(base::Code::unavailable, committed.error().reason));
  }
}

base::Result<void> Writer::try_group(const Group& group) {
  may_try_again_ = false;
  for (Member* member : group) member->result.reset();
  if (!connection_) {
    ASSIGN_OR_RETURN(connection_, engine_.connect_writer());
  }
  // Of a shared database somebody else may have moved the log's end meanwhile.
  if (connection_->is_shared()) chain_.known = false;
  connection_->forget_failure();

  auto done = connection_->begin_write();
  if (done) done = run_members(group);
  const bool committing = done.has_value();
  if (done) done = connection_->commit();
  if (done) return done;

  const Failure failure = connection_->last_failure();
  chain_.known = false;
  chain_.moved = false;
  // Once COMMIT was sent on a connection that was lost, nobody knows its outcome: running again could do all twice.
  may_try_again_ = failure == Failure::retry || (failure == Failure::lost && !committing);
  if (failure == Failure::lost) {
    connection_.reset();
  } else {
    connection_->rollback();
  }
  return done;
}

base::Result<void> Writer::run_members(const Group& group) {
  const bool alone = group.size() == 1;
  for (Member* member : group) RETURN_IF_ERROR(run_member(*member, alone));
  Tx tx(*connection_, master_, seal_key_, chain_);
  return write_head(tx);
}

// An error of this function is one of the whole group.
base::Result<void> Writer::run_member(Member& member, bool alone) {
  const ChainEnd before = chain_;
  if (!alone) RETURN_IF_ERROR(connection_->set_savepoint());
  Tx tx(*connection_, master_, seal_key_, chain_);
  member.result.emplace(call(*member.body, tx));
  // A body may not hide that a statement of it failed: on PostgreSQL nothing after it can be committed.
  if (*member.result && tx.failure()) member.result.emplace(tl::unexpected<base::Error>(*tx.failure()));
  if (*member.result) return alone ? base::Result<void>() : connection_->release_savepoint();

  const Failure failure = connection_->last_failure();
  if (failure == Failure::transaction || failure == Failure::retry || failure == Failure::lost) {
    const base::Error error = member.result->error();
    member.result.reset();
    return tl::unexpected<base::Error>(error);
  }
  connection_->forget_failure();
  chain_ = before;
  if (!alone) return connection_->roll_back_to_savepoint();
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
