// The lanes `work`, `password` and `report`: threads with a bounded queue. A job that does not fit is refused at once,
// so that a flood costs no memory and the flood of one lane does not slow the other. In a lane each network and each
// account has its share (fair_queue.hpp): a flood waits behind everybody else, and its jobs are the ones that do not
// fit.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "http/fair_queue.hpp"

namespace http {

/// Work for a thread of a lane. The submitter owns it and keeps it until run() or abandon() has ended it.
class Job {
 public:
  /// True: the job has ended. False: it ends when the lane is flushed; the lane must not touch it any more.
  virtual bool run() noexcept = 0;
  /// Whether jobs that wait for a flush may wait for this one too, because it shares the flush and is short.
  [[nodiscard]] virtual bool is_short() const = 0;
  /// For the lane's fair queue.
  [[nodiscard]] virtual Parties parties() const = 0;
  /// Called instead of run() when the lane is closed before the job's turn, or when the queue is full and the job's
  /// parties have used more of it than others. On any thread.
  virtual void abandon() noexcept = 0;

 protected:
  ~Job() = default;
};

class LaneThreads {
 public:
  /// What the jobs mostly do: wait for others (the database), compute on a core (hashes), or compute what may take
  /// longer while others work (reports).
  enum class Jobs : std::uint8_t {
    wait,
    compute,
    yield
  };

  /// `flush`: called when jobs of a thread wait for it and the thread has no other job. With Jobs::compute the threads
  /// preempt no other thread; with Jobs::yield they get a small share of a core that others want.
  LaneThreads(std::size_t threads, std::size_t queue, std::function<void()> flush = {}, Jobs jobs = Jobs::wait);
  ~LaneThreads() { close(); }
  LaneThreads(const LaneThreads&) = delete;
  LaneThreads& operator=(const LaneThreads&) = delete;

  void start();
  /// False if the queue is full or the lane is closed; then the job has not been touched.
  bool submit(Job& job);
  /// Abandons the jobs in the queue, lets running jobs finish, joins the threads.
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
  const std::function<void()> flush_;
  const Jobs jobs_;
  std::mutex mutex_;
  FairQueue queue_;
  std::deque<Seat> seats_;       // one for each thread
  std::vector<Seat*> sleeping_;  // LIFO, because the caches still hold the data of the last one
  std::size_t searching_ = 0;    // threads that are awake and will look for a job, or are being woken
  bool closed_ = true;
  std::atomic<std::size_t> depth_{0};
  std::vector<std::thread> threads_;
};

}  // namespace http
