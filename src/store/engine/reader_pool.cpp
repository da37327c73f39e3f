#include "store/engine/reader_pool.hpp"

#include <atomic>
#include <utility>

#include "store/engine/store.hpp"

namespace store {
namespace {

std::atomic<std::uint64_t> refused_loans{0};

}  // namespace

std::uint64_t reads_refused() {
  return refused_loans.load(std::memory_order_relaxed);
}

base::Result<ReaderPool::Loan> ReaderPool::take() {
  {
    std::unique_lock lock(mutex_);
    const auto is_free = [&] { return !idle_.empty() || out_ < most_; };
    bool found = is_free();
    if (!found && waiting_ < most_waiting_) {
      ++waiting_;
      found = returned_.wait_for(lock, patience_, is_free);
      --waiting_;
    }
    if (!found) {
      refused_loans.fetch_add(1, std::memory_order_relaxed);
      return base::fail(base::Code::unavailable, "all connections that read are in use; try again later");
    }
    ++out_;
    if (!idle_.empty()) {
      Loan loan(*this, std::move(idle_.back()));
      idle_.pop_back();
      return loan;
    }
  }
  auto made = engine_.connect_reader();
  if (!made) {
    give_back(nullptr);
    return base::pass_on(std::move(made));
  }
  return Loan(*this, std::move(*made));
}

void ReaderPool::give_back(std::unique_ptr<Connection> connection) {
  bool lost = connection && connection->last_failure() == Failure::lost;
  if (connection && !lost) {
    connection->forget_failure();
    connection->end_read();
    lost = connection->last_failure() == Failure::lost;
  }
  std::vector<std::unique_ptr<Connection>> to_close;  // after the lock
  {
    const std::lock_guard lock(mutex_);
    --out_;
    if (lost) to_close = std::exchange(idle_, {});
    if (connection && !lost) idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

}  // namespace store
