#include "http/lanes.hpp"

#include <chrono>

namespace http {
namespace {

using Clock = std::chrono::steady_clock;

// One commit for more than these gains nothing any more.
constexpr std::size_t most_waiting = 64;
// After a job that took longer nobody waits for another one: it would take about as long.
constexpr std::chrono::microseconds longest_to_wait_for{1000};

}  // namespace

LaneThreads::LaneThreads(std::size_t threads, std::size_t queue, std::function<void()> flush)
    : thread_count_(threads), most_(queue), flush_(std::move(flush)) {}

void LaneThreads::start() {
  const std::lock_guard lock(mutex_);
  closed_ = false;
  for (std::size_t i = 0; i < thread_count_; ++i) threads_.emplace_back([this] { work(); });
}

bool LaneThreads::submit(Job& job) {
  bool call = false;
  {
    const std::lock_guard lock(mutex_);
    // A thread that sleeps will take a job at once: it counts as a place.
    if (closed_ || queue_.size() >= most_ + sleeping_) return false;
    queue_.push_back(&job);
    depth_.store(queue_.size(), std::memory_order_relaxed);
    call = is_one_needed();
  }
  // Outside of the lock: whoever gets up wants it first of all.
  if (call) wake_.notify_one();
  return true;
}

void LaneThreads::close() {
  std::deque<Job*> left;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    left.swap(queue_);
    depth_.store(0, std::memory_order_relaxed);
  }
  wake_.notify_all();
  for (Job* job : left) job->abandon();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

// One thread gets up at a time and calls the next one if there is still work: a burst that one thread can do does
// not cost a change of threads for each job. True: the caller has to call one, after it has let go of the lock.
bool LaneThreads::is_one_needed() {
  if (queue_.empty() || searching_ > 0 || sleeping_ <= called_) return false;
  ++called_;
  ++searching_;
  return true;
}

/// nullptr: nothing to do; only if the thread may not sleep, or the lane is closed. Called as one that searches.
Job* LaneThreads::take(std::unique_lock<std::mutex>& lock, bool may_sleep) {
  while (queue_.empty()) {
    if (closed_ || !may_sleep) return nullptr;
    --searching_;
    ++sleeping_;
    wake_.wait(lock, [this] { return called_ > 0 || closed_; });
    --sleeping_;
    if (called_ > 0) {
      --called_;
    } else {
      ++searching_;
    }
  }
  Job* const job = queue_.front();
  queue_.pop_front();
  depth_.store(queue_.size(), std::memory_order_relaxed);
  return job;
}

void LaneThreads::work() {
  std::size_t waiting = 0;  // jobs of this thread that were not flushed yet
  std::unique_lock lock(mutex_);
  ++searching_;
  while (true) {
    Job* job = take(lock, waiting == 0);
    if (job == nullptr && waiting == 0) break;
    if (job == nullptr && !closed_) {
      // Whoever is about to submit something shares the end.
      lock.unlock();
      std::this_thread::yield();
      lock.lock();
      job = take(lock, false);
    }
    --searching_;
    const bool call = is_one_needed();
    lock.unlock();
    if (call) wake_.notify_one();
    bool slow = false;
    if (job != nullptr) {
      const auto begun = Clock::now();
      if (!job->run()) ++waiting;
      slow = Clock::now() - begun > longest_to_wait_for;
    }
    if (waiting > 0 && (job == nullptr || slow || waiting >= most_waiting)) {
      flush_();
      waiting = 0;
    }
    lock.lock();
    ++searching_;
  }
  --searching_;
}

}  // namespace http
