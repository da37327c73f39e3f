#include "store/engine/reader_pool.hpp"

#include <utility>

namespace store {

base::Result<ReaderPool::Loan> ReaderPool::take() {
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [&] { return !idle_.empty() || out_ < most_; });
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
