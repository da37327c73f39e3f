// The transaction of a group, on the one connection that writes. The bodies of the members run in it one after another,
// each after the first in a savepoint, so that an error of one leaves no trace of it and the others are committed.
//
//             first body                  a member wants it durable, or it is full
//     none ──────────────> open ───────────────────────────────────────────────────> committed
//      ^                   │  │   every body gave an error: rolled back
//      ├───────────────────┘  │
//      │                      │   the transaction or its connection is lost
//      └──────────────────────┴──> failed; all that was in it runs again, a bounded number of times, unless a deferred
//                                  member has gone on already or COMMIT was sent on a connection that is lost
//
// A transaction that has only deferred members stays open for the next members. Only the leader (Turns) touches this
// object, without the lock of the writer.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "store/driver/engine.hpp"
#include "store/engine/commit.hpp"

namespace store {

using Body = std::function<base::Result<void>(Tx&)>;

/// A write of one thread.
struct QueuedWrite {
  const Body* body = nullptr;                  // nullptr: no body, only the open transaction is to be committed
  bool deferred = false;                       // returns before the commit
  bool uses_kept = false;                      // rows that are kept
  bool empties_log = false;                    // after the commit
  bool log_is_empty = false;                   // answer to empties_log
  std::optional<base::Result<void>> result{};  // set when its group has run
  std::shared_ptr<Commit> commit{};            // of a body that succeeded
};
using Group = std::vector<QueuedWrite*>;

class GroupTransaction {
 public:
  /// `kept`: is told of what every commit has changed.
  GroupTransaction(Engine& engine, const crypto::MasterKey& master, const base::Secret& seal_key, KeptRows& kept,
                   std::size_t most)
      : engine_(engine), master_(master), seal_key_(seal_key), kept_(kept), most_(most) {}

  /// Takes over a connection that is open already.
  void use(std::unique_ptr<Connection> connection) { connection_ = std::move(connection); }
  /// Gives every member its result. Never throws.
  void run(const Group& group);
  /// Whether a transaction has begun and is not committed yet.
  [[nodiscard]] bool is_open() const { return open_ != nullptr; }
  /// Whether the last transaction that was to be committed failed, for a reason that is not a body's own.
  [[nodiscard]] bool fails() const { return fails_; }
  /// The transactions that have ended since the last call, oldest first.
  std::vector<std::shared_ptr<Commit>> take_ended() { return std::exchange(ended_, {}); }

 private:
  void try_often(const Group& group);
  void empty_log(const Group& group);
  base::Result<void> try_once(const Group& group);
  base::Result<void> begin();
  base::Result<void> run_members(const Group& group);
  base::Result<void> run_member(QueuedWrite& member);
  static base::Result<void> call(const Body& body, Tx& tx);
  base::Result<void> commit();
  void drop();
  void give_up(const base::Error& why);

  Engine& engine_;
  const crypto::MasterKey& master_;
  const base::Secret& seal_key_;
  KeptRows& kept_;
  std::size_t most_;  // bodies of one transaction

  std::unique_ptr<Connection> connection_;
  ChainEnd chain_;
  std::shared_ptr<Commit> open_;  // the transaction that has begun
  KeptRows::Generations seen_{};  // when it began
  std::size_t size_ = 0;          // bodies that it holds
  bool has_changed_ = false;      // whether one of them has changed a row
  bool commit_was_sent_ = false;
  bool may_run_again_ = false;
  bool fails_ = false;
  std::vector<std::shared_ptr<Commit>> ended_;
};

}  // namespace store
