#include "http/lanes.hpp"

#include <chrono>
#include <utility>

#include "base/thread_class.hpp"

namespace http {
namespace {

using Clock = std::chrono::steady_clock;

// A commit for more jobs than these is no faster for each of them.
constexpr std::size_t most_waiting = 64;
// After a longer job the waiting ones are flushed at once, because the next job would probably be as long.
constexpr std::chrono::microseconds longest_to_wait_for{1000};
constexpr std::chrono::milliseconds longest_wait{5};

}  // namespace

LaneThreads::LaneThreads(std::size_t threads, std::size_t queue, std::function<void()> flush, Jobs jobs)
    : thread_count_(threads), flush_(std::move(flush)), jobs_(jobs), queue_(queue) {}

void LaneThreads::start() {
  const std::lock_guard lock(mutex_);
  closed_ = false;
  for (std::size_t i = 0; i < thread_count_; ++i) {
    Seat& seat = seats_.emplace_back();
    threads_.emplace_back([this, &seat] {
      if (jobs_ == Jobs::compute) base::preempt_nobody();
      if (jobs_ == Jobs::yield) base::yield_to_others();
      work(seat);
    });
  }
}

bool LaneThreads::submit(Job& job) {
  Seat* call = nullptr;
  Job* dropped = nullptr;
  {
    const std::lock_guard lock(mutex_);
    // A sleeping thread counts as a place in the queue, because it will take a job at once.
    if (closed_) return false;
    dropped = queue_.push(job, job.parties(), sleeping_.size());
    if (dropped == &job) return false;
    depth_.store(queue_.size(), std::memory_order_relaxed);
    call = find_one_to_call();
  }
  // Notified outside of the lock, because the woken thread takes the lock first.
  if (call != nullptr) call->wake.notify_one();
  if (dropped != nullptr) dropped->abandon();
  return true;
}

void LaneThreads::close() {
  std::vector<Job*> left;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    while (!queue_.empty()) left.push_back(queue_.pop());
    depth_.store(0, std::memory_order_relaxed);
    for (Seat& seat : seats_) seat.wake.notify_one();
  }
  for (Job* job : left) job->abandon();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  seats_.clear();
  sleeping_.clear();
}

// Threads are woken one at a time, and each wakes the next if jobs are left, so that a burst that one thread can do
// does not cost a context switch for each job. nullptr: no thread is needed, or none sleeps.
LaneThreads::Seat* LaneThreads::find_one_to_call() {
  if (queue_.empty() || searching_ > 0 || sleeping_.empty()) return nullptr;
  Seat* const seat = sleeping_.back();
  sleeping_.pop_back();
  seat->called = true;
  ++searching_;
  return seat;
}

/// nullptr: the queue is empty and the thread may not sleep, or the lane is closed. The caller is counted in
/// searching_.
Job* LaneThreads::take(std::unique_lock<std::mutex>& lock, Seat& seat, bool may_sleep) {
  while (queue_.empty()) {
    if (closed_ || !may_sleep) return nullptr;
    --searching_;
    sleeping_.push_back(&seat);
    seat.wake.wait(lock, [&] { return seat.called || closed_; });
    if (!std::exchange(seat.called, false)) ++searching_;
  }
  Job* const job = queue_.pop();
  depth_.store(queue_.size(), std::memory_order_relaxed);
  return job;
}

void LaneThreads::work(Seat& seat) {
  std::size_t waiting = 0;  // jobs of this thread that were not flushed yet
  Clock::time_point since;  // the first of them
  std::unique_lock lock(mutex_);
  ++searching_;
  while (true) {
    Job* job = take(lock, seat, waiting == 0);
    if (job == nullptr && waiting == 0) break;
    if (job == nullptr && !closed_) {
      // Gives a thread that is about to submit a job the chance to do so, because that job can share the commit.
      lock.unlock();
      std::this_thread::yield();
      lock.lock();
      job = take(lock, seat, false);
    }
    --searching_;
    Seat* const call = find_one_to_call();
    lock.unlock();
    if (call != nullptr) call->wake.notify_one();
    if (waiting > 0 && (job == nullptr || !job->is_short())) {
      flush_();
      waiting = 0;
    }
    if (job != nullptr) {
      const auto begun = Clock::now();
      if (!job->run() && ++waiting == 1) since = begun;
      const auto now = Clock::now();
      const bool enough = now - begun > longest_to_wait_for || now - since > longest_wait || waiting >= most_waiting;
      if (waiting > 0 && enough) {
        flush_();
        waiting = 0;
      }
    }
    lock.lock();
    ++searching_;
  }
  --searching_;
}

}  // namespace http
