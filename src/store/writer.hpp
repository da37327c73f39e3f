// Group commit on the one connection that writes. Whoever comes while nobody writes leads: he runs his body and
// those that wait, in order of arrival, in one transaction, and commits for all; who comes meanwhile waits, and the
// first of them leads the next group. So a lone write costs no change of threads, and many share one fsync.
//   waiting → leading → answered, or waiting → answered by another leader
// Invariant: nobody is answered with success before the commit of his group is durable.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "store/engine.hpp"

namespace store {

class Writer {
 public:
  using Body = std::function<base::Result<void>(Tx&)>;

  Writer(Engine& engine, const crypto::MasterKey& master, const base::Secret& seal_key, std::size_t group_limit,
         std::size_t queue_limit)
      : engine_(engine), master_(master), seal_key_(seal_key), group_limit_(group_limit == 0 ? 1 : group_limit),
        queue_limit_(queue_limit) {}

  /// Takes over a connection that is open already.
  void use(std::unique_ptr<Connection> connection) { connection_ = std::move(connection); }
  /// Gives the body's own result, once its commit is durable. Errors besides: unavailable, internal.
  base::Result<void> run(const Body& body);

 private:
  struct Member {
    explicit Member(const Body& work) : body(&work) {}
    const Body* body;
    std::condition_variable called;
    bool leads = false;
    bool answered = false;
    std::optional<base::Result<void>> result;
  };
  using Group = std::vector<Member*>;

  void gather(std::unique_lock<std::mutex>& lock);
  void lead(std::unique_lock<std::mutex>& lock);
  void run_group(const Group& group);
  base::Result<void> try_group(const Group& group);
  base::Result<void> run_members(const Group& group);
  base::Result<void> run_member(Member& member, bool alone);
  static base::Result<void> call(const Body& body, Tx& tx);

  Engine& engine_;
  const crypto::MasterKey& master_;
  const base::Secret& seal_key_;
  std::size_t group_limit_;
  std::size_t queue_limit_;

  std::mutex mutex_;
  std::deque<Member*> waiting_;
  bool busy_ = false;

  // Only the leader touches these.
  Group group_;
  std::unique_ptr<Connection> connection_;
  ChainEnd chain_;
  bool may_try_again_ = false;
};

}  // namespace store
