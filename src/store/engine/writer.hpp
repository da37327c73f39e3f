// Group commit on the one connection that writes. Whoever comes while nobody writes leads: he runs his body and
// those that wait, in order of arrival, in one transaction, and commits for all; who comes meanwhile waits, and the
// first of them leads the next group. So a lone write costs no change of threads, and many share one fsync.
//   waiting → leading → committed → durable, or waiting → committed by another leader → durable
// COMMIT writes to the log, and what makes the log durable comes after it and outside of the lead (Engine::sync_log):
// the next group runs while the last one is on its way to the disk (docs/decisions/0010).
// A deferred member (begin) goes on before the commit: its transaction stays open for whoever comes in between, until
// somebody asks for it (flush, finish, or a member that waits).
// Invariant: nobody is told of success before the commit of his group is durable.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "store/driver/engine.hpp"

namespace store {

class Writer {
 public:
  using Body = std::function<base::Result<void>(Tx&)>;

  /// Told once whether it is durable; on whichever thread.
  using Told = std::function<void(const base::Result<void>&)>;

  /// The end of one transaction, shared by its members. Guarded by Writer::mutex_, its failure once set for ever.
  class Commit {
    friend Writer;
    [[nodiscard]] base::Result<void> result() const {
      if (failure) return tl::unexpected<base::Error>(*failure);
      return {};
    }
    bool over = false;
    std::optional<base::Error> failure;
    std::vector<Told> told;
  };

  Writer(Engine& engine, const crypto::MasterKey& master, const base::Secret& seal_key, std::size_t group_limit,
         std::size_t queue_limit)
      : engine_(engine),
        master_(master),
        seal_key_(seal_key),
        group_limit_(group_limit == 0 ? 1 : group_limit),
        queue_limit_(queue_limit) {}
  ~Writer() { end(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Takes over a connection that is open already, and begins.
  void use(std::unique_ptr<Connection> connection);
  /// Commits what is open and tells everybody; afterwards nobody may write any more.
  void end();
  /// Gives the body's own result, once its commit is durable. Errors besides: unavailable, internal.
  base::Result<void> run(const Body& body);
  /// Gives the body's own result before it is durable, and the commit that it hangs on. Only where nobody else writes
  /// to the database: what failed cannot be run again once the body has gone. Errors as run.
  base::Result<void> begin(const Body& body, std::shared_ptr<Commit>& commit);
  /// Waits until the commit is durable. Error unavailable: it is not, and nothing of its members has happened.
  base::Result<void> finish(const std::shared_ptr<Commit>& commit);
  /// Instead of waiting.
  void when_over(const std::shared_ptr<Commit>& commit, Told told);
  /// False: the log could not be made durable, and nothing is written until the next start.
  [[nodiscard]] bool is_sound();
  /// Has a thread of the writer commit what has begun. Does not wait.
  void flush();

 private:
  struct Member {
    explicit Member(const Body* work) : body(work) {}
    const Body* body;  // nullptr: only wants the commit
    bool deferred = false;
    // A thread's own and shared, so that it can be called after the lock was let go and it may be gone.
    std::shared_ptr<std::condition_variable> called = own_call();
    bool leads = false;
    bool answered = false;
    std::optional<base::Result<void>> result;
    std::shared_ptr<Commit> commit;  // of a member whose body has run
  };
  using Group = std::vector<Member*>;
  static const std::shared_ptr<std::condition_variable>& own_call();

  base::Result<void> take_part(Member& me, std::unique_lock<std::mutex>& lock);
  void gather(std::unique_lock<std::mutex>& lock);
  void lead(std::unique_lock<std::mutex>& lock);
  void run_group(const Group& group);
  base::Result<void> try_group(const Group& group);
  base::Result<void> open();
  base::Result<void> run_members(const Group& group);
  base::Result<void> run_member(Member& member);
  base::Result<void> commit(bool& sent);
  void drop();
  void give_up();
  static base::Result<void> call(const Body& body, Tx& tx);
  base::Result<void> wait_for(const Commit& commit, std::unique_lock<std::mutex>& lock);
  void sync(std::unique_lock<std::mutex>& lock);
  void work();

  Engine& engine_;
  const crypto::MasterKey& master_;
  const base::Secret& seal_key_;
  std::size_t group_limit_;
  std::size_t queue_limit_;

  std::mutex mutex_;
  std::deque<Member*> waiting_;
  bool busy_ = false;
  bool has_open_ = false;                         // a transaction waits for somebody to commit it
  std::deque<std::shared_ptr<Commit>> unsynced_;  // ended, oldest first
  bool syncing_ = false;
  std::condition_variable synced_;
  std::optional<base::Error> broken_;  // the log could not be made durable: nothing is written any more
  std::thread flusher_;                // of an engine on which writes can be deferred
  std::condition_variable flush_wanted_;
  bool wants_flush_ = false;
  bool ending_ = false;

  // Only the leader touches these.
  Group group_;
  std::unique_ptr<Connection> connection_;
  ChainEnd chain_;
  std::shared_ptr<Commit> open_;                // the transaction that has begun
  std::size_t size_ = 0;                        // bodies that it holds
  std::vector<std::shared_ptr<Commit>> ended_;  // by this leader
  bool may_try_again_ = false;
};

}  // namespace store
