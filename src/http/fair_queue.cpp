#include "http/fair_queue.hpp"

#include <algorithm>

namespace http {

std::uint64_t FairQueue::used_by(const Party& party) const {
  const auto used = party.key == 0 ? used_.end() : used_.find(party.key);
  return used == used_.end() ? now_ : std::max(now_, used->second);
}

Job* FairQueue::push(Job& job, const Parties& parties, std::size_t spare) {
  std::uint64_t of_networks = now_;
  for (const Party& party : parties.networks) of_networks = std::max(of_networks, used_by(party));
  const std::uint64_t of_account = used_by(parties.account);
  const Turn turn(of_networks, of_account, ++arrivals_);
  const bool is_full = jobs_.size() >= most_ + spare;
  if (is_full && (jobs_.empty() || jobs_.rbegin()->first < turn)) return &job;
  for (const Party& party : parties.networks) {
    if (party.key != 0) used_[party.key] = of_networks + party.cost;
  }
  if (parties.account.key != 0) used_[parties.account.key] = of_account + parties.account.cost;
  jobs_.emplace(turn, &job);
  if (used_.size() > std::max(forget_at_, 4 * (most_ + 16))) forget_the_idle();
  if (!is_full) return nullptr;
  const auto last = std::prev(jobs_.end());
  Job* const dropped = last->second;
  jobs_.erase(last);
  return dropped;
}

Job* FairQueue::pop() {
  const auto first = jobs_.begin();
  now_ = std::max(now_, std::get<0>(first->first));
  Job* const job = first->second;
  jobs_.erase(first);
  if (jobs_.empty()) {  // no job waits, so no party is ahead of another
    used_.clear();
    forget_at_ = 0;
  }
  return job;
}

// A party that has not used its share beyond this turn is treated like a newcomer.
void FairQueue::forget_the_idle() {
  std::erase_if(used_, [this](const auto& one) { return one.second <= now_; });
  // Parties that stay are not looked through again with each job.
  forget_at_ = 2 * used_.size();
}

}  // namespace http
