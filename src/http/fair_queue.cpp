#include "http/fair_queue.hpp"

#include <algorithm>

namespace http {

Job* FairQueue::push(Job& job, const Parties& parties, std::size_t spare) {
  std::uint64_t turn = now_;
  for (const Party& party : parties) {
    const auto used = party.key == 0 ? used_.end() : used_.find(party.key);
    if (used != used_.end()) turn = std::max(turn, used->second);
  }
  const bool is_full = jobs_.size() >= most_ + spare;
  if (is_full && (jobs_.empty() || jobs_.rbegin()->first.first <= turn)) return &job;
  for (const Party& party : parties) {
    if (party.key != 0) used_[party.key] = turn + party.cost;
  }
  jobs_.emplace(Turn(turn, ++arrivals_), &job);
  if (used_.size() > 4 * (most_ + 16)) forget_the_idle();
  if (!is_full) return nullptr;
  const auto last = std::prev(jobs_.end());
  Job* const dropped = last->second;
  jobs_.erase(last);
  return dropped;
}

Job* FairQueue::pop() {
  const auto first = jobs_.begin();
  now_ = std::max(now_, first->first.first);
  Job* const job = first->second;
  jobs_.erase(first);
  if (jobs_.empty()) used_.clear();  // nobody waits: nobody is ahead of anybody
  return job;
}

// A party whose share is not used beyond this turn is like a newcomer.
void FairQueue::forget_the_idle() {
  std::erase_if(used_, [this](const auto& one) { return one.second <= now_; });
}

}  // namespace http
