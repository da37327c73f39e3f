// The connections that read. Opened when first needed, so that an idle server holds none; the one that was used last is
// taken first. A thread that finds all of them in use waits for a limited time, because it occupies a worker of the
// server. A person has at most one connection, and one thread that waits for it, so that nobody takes all of them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "base/id.hpp"
#include "store/driver/engine.hpp"

namespace store {

class ReaderPool {
 public:
  /// `most`: connections; `patience`: how long a thread waits for one; `most_waiting`: threads that wait.
  ReaderPool(Engine& engine, std::size_t most, std::chrono::milliseconds patience, std::size_t most_waiting)
      : engine_(engine), most_(most == 0 ? 1 : most), patience_(patience), most_waiting_(most_waiting) {}

  /// A connection that is in use; the destructor returns it to the pool. If it was lost, it is closed, and so are the
  /// idle ones, because they were opened before the loss and are probably lost too.
  class Loan {
   public:
    Loan(ReaderPool& pool, std::unique_ptr<Connection> connection, const base::Id& whose)
        : pool_(&pool), connection_(std::move(connection)), whose_(whose) {}
    Loan(Loan&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), connection_(std::move(other.connection_)), whose_(other.whose_) {}
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Loan& operator=(Loan&&) = delete;
    ~Loan() {
      if (pool_ != nullptr) pool_->give_back(std::move(connection_), whose_);
    }
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    ReaderPool* pool_;
    std::unique_ptr<Connection> connection_;
    base::Id whose_;
  };

  /// `whose`: the person who is limited; none = nobody is. Errors: unavailable (all stayed in use, the person's own one
  /// did, another thread of the person waits already, or the database cannot be reached).
  base::Result<Loan> take(const base::Id& whose = {});

 private:
  struct Share {
    std::size_t used = 0;
    std::size_t waiting = 0;
  };
  bool wait_for_free(std::unique_lock<std::mutex>& lock, const base::Id& whose);
  void give_back(std::unique_ptr<Connection> connection, const base::Id& whose);

  Engine& engine_;
  std::size_t most_;
  std::chrono::milliseconds patience_;
  std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t out_ = 0;
  std::size_t waiting_ = 0;
  std::map<base::Id, Share> shares_;  // of persons with a connection or a thread that waits
};

}  // namespace store
