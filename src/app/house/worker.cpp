#include "app/house/worker.hpp"

#include "base/log.hpp"

namespace app {

Worker::Worker(std::function<base::Duration()> step) : step_(std::move(step)), thread_([this] { work(); }) {}

Worker::~Worker() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Worker::work() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    base::Duration wait = std::chrono::seconds(1);
    try {
      wait = step_();
    } catch (const std::exception& error) {
      base::log(base::Level::error, "a background step failed", {{"reason", error.what()}});
    }
    lock.lock();
    wake_.wait_for(lock, wait, [this] { return ending_; });
  }
}

}  // namespace app
