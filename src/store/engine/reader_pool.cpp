#include "store/engine/reader_pool.hpp"

namespace store {

base::Result<ReaderPool::Loan> ReaderPool::begin() {
  for (;;) {
    ASSIGN_OR_RETURN(Loan loan, take());
    auto begun = loan->begin_read();
    if (begun) return loan;
    // A connection that died while it was idle is thrown away with its loan; every round uses one up, and a new
    // one that cannot begin either ends this with the error of connecting.
    if (loan->last_failure() != Failure::lost) return base::pass_on(std::move(begun));
  }
}

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
  const bool sound = connection && connection->last_failure() != Failure::lost;
  if (sound) {
    connection->end_read();
    connection->forget_failure();
  }
  {
    const std::lock_guard lock(mutex_);
    --out_;
    if (sound) idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

}  // namespace store
