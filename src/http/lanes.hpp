// The lanes `work` and `password`: threads with a bounded queue. What does not fit is refused at once, so that a
// flood costs refusals and not memory, and one lane's flood does not slow the other.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace http {

/// Something that a lane's thread does. It belongs to whoever submits it and lives until run() or abandon() has ended
/// it.
class Job {
 public:
  /// True: it has ended. False: it will, as soon as what it waits for is flushed; it must not be touched any more.
  virtual bool run() noexcept = 0;
  /// Whether others may wait for it with their own end: it shares it, and is not long.
  [[nodiscard]] virtual bool is_short() const = 0;
  /// Instead of run(), when the lane is closed before the job's turn.
  virtual void abandon() noexcept = 0;

 protected:
  ~Job() = default;
};

class LaneThreads {
 public:
  /// `flush`: called when a thread has jobs that wait and nothing else to do.
  LaneThreads(std::size_t threads, std::size_t queue, std::function<void()> flush = {});
  ~LaneThreads() { close(); }
  LaneThreads(const LaneThreads&) = delete;
  LaneThreads& operator=(const LaneThreads&) = delete;

  void start();
  /// False if the queue is full or the lane is closed; then the job has not been touched.
  bool submit(Job& job);
  /// Abandons what waits, lets what runs finish, joins the threads.
  void close();
  [[nodiscard]] std::size_t depth() const { return depth_.load(std::memory_order_relaxed); }

 private:
  struct Seat {
    std::condition_variable wake;
    bool called = false;
  };
  void work(Seat& seat);
  Seat* find_one_to_call();
  Job* take(std::unique_lock<std::mutex>& lock, Seat& seat, bool may_sleep);

  const std::size_t thread_count_;
  const std::size_t most_;
  const std::function<void()> flush_;
  std::mutex mutex_;
  std::deque<Job*> queue_;
  std::deque<Seat> seats_;       // one a thread
  std::vector<Seat*> sleeping_;  // who lay down last gets up first: what it worked with is still in the caches
  std::size_t searching_ = 0;    // threads that will look into the queue without being called (the called ones too)
  bool closed_ = true;
  std::atomic<std::size_t> depth_{0};
  std::vector<std::thread> threads_;
};

}  // namespace http
