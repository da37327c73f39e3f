#include "store/engine/group_transaction.hpp"

#include <chrono>
#include <exception>

#include "base/log.hpp"
#include "store/engine/attempts.hpp"

namespace store {
namespace {

// How long all writes may wait for those who read the log.
constexpr std::chrono::milliseconds patience_with_readers(50);

base::Error unavailable(std::string reason) {
  return {base::Code::unavailable, std::move(reason)};
}

}  // namespace

void GroupTransaction::run(const Group& group) {
  try {
    try_often(group);
    empty_log(group);
  } catch (...) {  // out of memory: every member must get an answer, and none may be told that it is committed
    fails_ = true;
    give_up(unavailable("a write could not be run"));
    connection_.reset();
    for (QueuedWrite* member : group)
      member->result.emplace(base::fail(base::Code::unavailable, "a write could not be run"));
  }
}

void GroupTransaction::try_often(const Group& group) {
  base::Result<void> done;
  for (int attempt = 1; attempt <= most_attempts; ++attempt) {
    done = try_once(group);
    if (done) return;
    if (!may_run_again_) break;
    if (attempt < most_attempts) wait_after_attempt(attempt);
  }
  fails_ = true;
  base::log(base::Level::error, "a group of writes was not committed",
            {{"reason", base::describe(done.error())}, {"members", std::to_string(group.size())}});
  for (QueuedWrite* member : group) {
    // An error of the member's own body is its answer; for all others nothing has happened.
    if (!member->result || *member->result) {
      member->result.emplace(base::fail(base::Code::unavailable, done.error().reason));
    }
  }
}

void GroupTransaction::empty_log(const Group& group) {
  for (QueuedWrite* member : group) {
    if (!member->empties_log || is_open() || !connection_) continue;
    const auto emptied = connection_->empty_log(patience_with_readers);
    if (!emptied) member->result.emplace(tl::unexpected<base::Error>(emptied.error()));
    member->log_is_empty = emptied && *emptied;
  }
}

base::Result<void> GroupTransaction::try_once(const Group& group) {
  bool wants_commit = false;
  bool has_body = false;
  for (QueuedWrite* member : group) {
    member->result.reset();
    wants_commit = wants_commit || !member->deferred;
    has_body = has_body || member->body != nullptr;
  }
  // Members of an earlier group have returned already and cannot be run again.
  const bool repeatable = !is_open();
  commit_was_sent_ = false;
  base::Result<void> done;
  if (!is_open() && has_body) done = begin();
  if (done) done = run_members(group);
  if (done && is_open() && size_ == 0) {
    drop();
  } else if (done && is_open() && (wants_commit || size_ >= most_)) {
    done = commit();
  }
  if (done) return done;
  may_run_again_ = false;
  if (repeatable && connection_) {
    // After COMMIT was sent on a connection that is lost, its outcome is unknown: to run it again could do it twice.
    const Failure failure = connection_->last_failure();
    may_run_again_ = failure == Failure::retry || (failure == Failure::lost && !commit_was_sent_);
  }
  give_up(unavailable(done.error().reason));
  return done;
}

base::Result<void> GroupTransaction::begin() {
  if (!connection_) {
    ASSIGN_OR_RETURN(connection_, engine_.connect_writer());
  }
  // Another process may have moved the end of the audit log of a shared database meanwhile.
  if (connection_->is_shared()) chain_.known = false;
  connection_->forget_failure();
  open_ = std::make_shared<Commit>();
  size_ = 0;
  has_changed_ = false;
  seen_ = kept_.generations();
  return connection_->begin_write();
}

base::Result<void> GroupTransaction::run_members(const Group& group) {
  for (QueuedWrite* member : group) {
    if (member->body == nullptr) {
      member->result.emplace();
      continue;
    }
    RETURN_IF_ERROR(run_member(*member));
    if (*member->result) member->commit = open_;
  }
  return {};
}

// Gives an error if the whole transaction has failed; an error of the body alone is the member's result.
base::Result<void> GroupTransaction::run_member(QueuedWrite& member) {
  const ChainEnd before = chain_;
  // The first needs no savepoint, because it is undone by a new transaction.
  const bool first = size_ == 0;
  if (!first) RETURN_IF_ERROR(connection_->set_savepoint());
  Tx tx(*connection_, master_, seal_key_, chain_);
  // No other transaction writes meanwhile.
  if (member.uses_kept && !connection_->is_shared()) tx.use(kept_, seen_);
  member.result.emplace(call(*member.body, tx));
  // A body may not hide that a statement of it failed: on PostgreSQL nothing after it can be committed.
  if (*member.result && tx.failure()) member.result.emplace(tl::unexpected<base::Error>(*tx.failure()));
  if (*member.result) {
    ++size_;
    has_changed_ = has_changed_ || tx.has_changed();
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

base::Result<void> GroupTransaction::call(const Body& body, Tx& tx) {
  try {
    return body(tx);
  } catch (const std::exception& thrown) {
    return base::fail(base::Code::internal, std::string("a write threw: ") + thrown.what());
  } catch (...) {
    return base::fail(base::Code::internal, "a write threw");
  }
}

base::Result<void> GroupTransaction::commit() {
  Tx tx(*connection_, master_, seal_key_, chain_);
  RETURN_IF_ERROR(write_head(tx));
  commit_was_sent_ = true;
  const base::Result<void> committed = connection_->commit();
  // Also if the outcome is not known.
  kept_.note_change(connection_->take_changed_tables());
  RETURN_IF_ERROR(committed);
  // A transaction that changed nothing can be committed even where nothing can be written, so that it proves nothing.
  if (has_changed_ || tx.has_changed()) fails_ = false;
  ended_.push_back(std::move(open_));
  open_.reset();
  return {};
}

// Every body gave an error: there is nothing to commit, and no member waits for a commit.
void GroupTransaction::drop() {
  connection_->rollback();
  open_.reset();
}

// The transaction is lost with all that was in it.
void GroupTransaction::give_up(const base::Error& why) {
  chain_.known = false;
  chain_.moved = false;
  if (is_open()) {
    open_->failure = why;
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

}  // namespace store
