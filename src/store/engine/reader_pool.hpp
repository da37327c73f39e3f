// The connections that read. Opened when first needed, so that an idle server holds none; the one that was used last is
// taken first. A thread that finds all of them on loan waits, because workers are few and reads are short.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "store/driver/engine.hpp"

namespace store {

class ReaderPool {
 public:
  ReaderPool(Engine& engine, std::size_t most) : engine_(engine), most_(most == 0 ? 1 : most) {}

  /// A connection on loan: goes back when it is destroyed. If it was lost, it is closed, and so are the idle ones:
  /// they were opened before the loss, and what ended it has probably ended them.
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

  /// Errors: unavailable.
  base::Result<Loan> take();

 private:
  void give_back(std::unique_ptr<Connection> connection);

  Engine& engine_;
  std::size_t most_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t out_ = 0;
};

}  // namespace store
