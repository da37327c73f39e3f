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

bool ReaderPool::wait_for_free(std::unique_lock<std::mutex>& lock, const base::Id& whose) {
  Share nobody;
  Share& share = whose.is_none() ? nobody : shares_[whose];
  const auto is_free = [&] { return (!idle_.empty() || out_ < most_) && share.used == 0; };
  bool found = is_free();
  if (!found && waiting_ < most_waiting_ && share.waiting == 0) {
    ++waiting_;
    share.waiting = 1;
    found = returned_.wait_for(lock, patience_, is_free);
    share.waiting = 0;
    --waiting_;
  }
  if (found && !whose.is_none()) ++share.used;
  if (!whose.is_none() && share.used == 0 && share.waiting == 0) shares_.erase(whose);
  return found;
}

base::Result<ReaderPool::Loan> ReaderPool::take(const base::Id& whose) {
  {
    std::unique_lock lock(mutex_);
    if (!wait_for_free(lock, whose)) {
      refused_loans.fetch_add(1, std::memory_order_relaxed);
      return base::fail(base::Code::unavailable, "all connections that read are in use; try again later");
    }
    ++out_;
    if (!idle_.empty()) {
      Loan loan(*this, std::move(idle_.back()), whose);
      idle_.pop_back();
      return loan;
    }
  }
  auto made = engine_.connect_reader();
  if (!made) {
    give_back(nullptr, whose);
    return base::pass_on(std::move(made));
  }
  return Loan(*this, std::move(*made), whose);
}

void ReaderPool::give_back(std::unique_ptr<Connection> connection, const base::Id& whose) {
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
    if (const auto share = shares_.find(whose); share != shares_.end()) {
      share->second.used = 0;
      if (share->second.waiting == 0) shares_.erase(share);
    }
    if (lost) to_close = std::exchange(idle_, {});
    if (connection && !lost) idle_.push_back(std::move(connection));
  }
  // All: the first one that waits may be of a person who still has a connection.
  returned_.notify_all();
}

}  // namespace store
