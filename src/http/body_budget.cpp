#include "http/body_budget.hpp"

namespace http {

bool BodyBudget::take(std::size_t octets, const Holders& holders, std::size_t own) {
  const std::lock_guard lock(mutex_);
  if (octets > free_) return false;
  for (const std::uint64_t holder : holders) {
    const auto found = held_.find(holder);
    const std::size_t held = found == held_.end() ? 0 : found->second;
    if (held > own && held + octets > free_ - octets) return false;
  }
  free_ -= octets;
  for (const std::uint64_t holder : holders) {
    if (holder != 0) held_[holder] += octets;
  }
  return true;
}

void BodyBudget::give_back(std::size_t octets, const Holders& holders) {
  const std::lock_guard lock(mutex_);
  free_ += octets;
  for (const std::uint64_t holder : holders) {
    const auto found = held_.find(holder);
    if (found == held_.end()) continue;
    found->second -= octets;
    if (found->second == 0) held_.erase(found);
  }
}

std::size_t BodyBudget::taken() const {
  const std::lock_guard lock(mutex_);
  return all_ - free_;
}

}  // namespace http
