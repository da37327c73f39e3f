// A thread that repeats one step. Its waits end at once when it is stopped.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/time.hpp"

namespace app {

class Worker {
 public:
  /// `step` does what is due and says how long to wait until the next step.
  explicit Worker(std::function<base::Duration()> step);
  /// Ends after the running step.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

 private:
  void work();

  std::function<base::Duration()> step_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace app
