// The connections that read. Opened when first needed, so that an idle server holds none; the one that was used last is
// taken first. A thread that finds all of them in use waits for a limited time, because it occupies a worker of the
// server.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

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
    Loan(ReaderPool& pool, std::unique_ptr<Connection> connection) : pool_(&pool), connection_(std::move(connection)) {}
    Loan(Loan&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), connection_(std::move(other.connection_)) {}
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Loan& operator=(Loan&&) = delete;
    ~Loan() {
      if (pool_ != nullptr) pool_->give_back(std::move(connection_));
    }
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    ReaderPool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  /// Errors: unavailable (all stayed in use, or the database cannot be reached).
  base::Result<Loan> take();

 private:
  void give_back(std::unique_ptr<Connection> connection);

  Engine& engine_;
  std::size_t most_;
  std::chrono::milliseconds patience_;
  std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t out_ = 0;
  std::size_t waiting_ = 0;
};

}  // namespace store
