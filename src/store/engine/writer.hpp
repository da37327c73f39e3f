// Group commit on the one connection that writes. A write passes three stages; the header of each draws its states:
//
//   Turns             which member writes next             waiting → leading, or answered by another leader
//   GroupTransaction  bodies, savepoints, COMMIT           open → committed
//   LogSync           what makes the log durable           committed → durable
//
// and these are the paths through them ([L]: the thread holds `mutex_`, [-]: it does not):
//
//   run      [L] enter ──> [-] bodies of the group, COMMIT ──> [L] end_turn ──> [-] sync_log ──> durable: returns
//   begin    [L] enter ──> [-] bodies of the group ──────────> [L] end_turn: returns; the transaction stays open
//   empty    [L] enter ──> [-] COMMIT, the log is emptied ──> [L] end_turn: returns
//   finish   [L] is it open? enter ──> [-] COMMIT ───────────> [L] end_turn ──> [-] sync_log ──> durable: returns
//   flush    [L] wakes the flusher, a thread of the writer, which does the same as finish
//   end      [L] tells the flusher to do so once more and to stop
//
// So the lock is never held while a statement runs, while the log is synced, or while a callback gets a result.
// Invariant: no success is reported before the commit of its group is durable.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "store/engine/group_transaction.hpp"
#include "store/engine/log_sync.hpp"
#include "store/engine/turns.hpp"

namespace store {

class Writer {
 public:
  struct Limits {
    std::size_t group;  // bodies of one commit, at least 1
    std::size_t queue;  // members that wait
  };
  Writer(Engine& engine, const crypto::MasterKey& master, const base::Secret& seal_key, KeptRows& kept, Limits limits);
  ~Writer() { end(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Takes over a connection that is open already, and begins.
  void use(std::unique_ptr<Connection> connection);
  /// Commits the open transaction and reports its result. Afterwards no function may be called any more.
  void end();
  /// Gives the body's own result, once its commit is durable. Further errors: unavailable, internal.
  base::Result<void> run(const Body& body);
  /// Gives the body's own result before it is durable, and the commit that decides about it. Only where no other
  /// process writes to the database, because the body no longer exists when the commit fails and cannot be run again.
  /// Errors as run.
  base::Result<void> begin(const Body& body, std::shared_ptr<Commit>& commit);
  /// As Connection::empty_log, in a turn of its own after what was open is committed.
  base::Result<bool> empty_log();
  /// Waits until the commit is durable. Error unavailable: it is not, and nothing of its members has happened.
  base::Result<void> finish(const std::shared_ptr<Commit>& commit);
  /// Instead of waiting: `told` is called once with the result of finish(), perhaps before this returns.
  void when_over(const std::shared_ptr<Commit>& commit, Commit::Told told);
  /// False: the log could not be made durable, and nothing is written until the next start.
  [[nodiscard]] bool is_sound();
  /// Whether the last commit failed; a later one that succeeds ends it.
  [[nodiscard]] bool fails();
  /// Has a thread of the writer commit what has begun. Does not wait.
  void flush();

 private:
  base::Result<void> take_part(QueuedWrite& member, std::unique_lock<std::mutex>& lock);
  void commit_open(std::unique_lock<std::mutex>& lock);
  void work();

  Engine& engine_;
  std::mutex mutex_;
  Turns turns_;
  GroupTransaction transaction_;  // used by the leader, without the lock
  bool fails_ = false;            // whether its last commit failed
  bool has_open_ = false;         // whether the transaction is open, for threads that hold the lock
  LogSync log_;
  std::thread flusher_;  // of an engine on which writes can be deferred
  std::condition_variable flush_wanted_;
  bool wants_flush_ = false;
  bool ending_ = false;
};

}  // namespace store
