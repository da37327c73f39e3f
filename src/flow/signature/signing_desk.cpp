#include "flow/signature/signing_desk.hpp"

#include <memory>

namespace flow {
namespace {

constexpr std::size_t most_threads = 4;
constexpr std::size_t most_waiting = 64;

}  // namespace

struct SigningDesk::Work {
  std::function<void()> work;
  bool has_ended = false;
};

SigningDesk::Run SigningDesk::run(std::function<void()> work, base::Duration wait) {
  const auto one = std::make_shared<Work>();
  one->work = std::move(work);
  std::unique_lock lock(mutex_);
  if (stopping_ || waiting_.size() >= most_waiting) return {};
  waiting_.push_back(one);
  if (threads_.size() < most_threads) threads_.emplace_back([this] { this->work(); });
  changed_.notify_all();
  changed_.wait_for(lock, wait, [&] { return one->has_ended; });
  return {true, one->has_ended};
}

void SigningDesk::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const std::shared_ptr<Work> one = waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    one->work();
    lock.lock();
    one->has_ended = true;
    changed_.notify_all();
  }
}

bool SigningDesk::is_stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void SigningDesk::stop() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    threads.swap(threads_);
    changed_.notify_all();
  }
  for (std::thread& one : threads) one.join();
}

}  // namespace flow
