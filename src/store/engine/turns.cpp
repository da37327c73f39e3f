#include "store/engine/turns.hpp"

#include <algorithm>
#include <thread>

namespace store {

Turns::Place::Place(QueuedWrite& member) : member_(member) {
  thread_local const auto own_call = std::make_shared<std::condition_variable>();
  called_ = own_call;
}

bool Turns::enter(Place& place, std::unique_lock<std::mutex>& lock) {
  waiting_.push_back(&place);
  if (busy_) {
    place.called_->wait(lock, [&] { return place.answered_ || place.leads_; });
  } else {
    busy_ = true;
    if (!place.member_.deferred) gather(lock);
  }
  return !place.answered_;
}

void Turns::gather(std::unique_lock<std::mutex>& lock) {
  // The leader yields a few times, so that threads that are about to write join this commit, because a commit costs
  // more than a yield. It stops as soon as a yield brings no new member; on an idle machine that is one system call.
  constexpr int looks = 8;
  for (int look = 0; look < looks && waiting_.size() < group_limit_; ++look) {
    const std::size_t before = waiting_.size();
    lock.unlock();
    std::this_thread::yield();
    lock.lock();
    if (waiting_.size() == before) return;
  }
}

const Group& Turns::take_group() {
  // The leader is the first of its group, because members are answered in order of arrival.
  const std::size_t size = std::min(group_limit_, waiting_.size());
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(size);
  places_.assign(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  group_.clear();
  for (const Place* place : places_) group_.push_back(&place->member_);
  return group_;
}

void Turns::end_turn(std::unique_lock<std::mutex>& lock) {
  std::vector<std::shared_ptr<std::condition_variable>> calls;
  for (Place* place : places_) {
    if (place != places_.front()) calls.push_back(place->called_);
    place->answered_ = true;
  }
  if (waiting_.empty()) {
    busy_ = false;
  } else {
    waiting_.front()->leads_ = true;
    calls.push_back(waiting_.front()->called_);
  }
  if (calls.empty()) return;
  // The lock is released first, because each thread that is notified acquires it at once.
  lock.unlock();
  for (const auto& call : calls) call->notify_one();
  lock.lock();
}

}  // namespace store
