#include "http/lanes.hpp"

namespace http {

LaneThreads::LaneThreads(std::size_t threads, std::size_t queue) : thread_count_(threads), most_(queue) {}

void LaneThreads::start() {
  const std::lock_guard lock(mutex_);
  closed_ = false;
  for (std::size_t i = 0; i < thread_count_; ++i) threads_.emplace_back([this] { work(); });
}

bool LaneThreads::submit(Job& job) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    // A thread that sleeps will take a job at once: it counts as a place.
    if (closed_ || queue_.size() >= most_ + sleeping_) return false;
    queue_.push_back(&job);
    depth_.store(queue_.size(), std::memory_order_relaxed);
    wake = sleeping_ > 0;
  }
  if (wake) wake_.notify_one();
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

void LaneThreads::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    while (queue_.empty()) {
      if (closed_) return;
      ++sleeping_;
      wake_.wait(lock);
      --sleeping_;
    }
    Job* const job = queue_.front();
    queue_.pop_front();
    depth_.store(queue_.size(), std::memory_order_relaxed);
    lock.unlock();
    job->run();
    lock.lock();
  }
}

}  // namespace http
