#include "http/body_budget.hpp"

namespace http {

bool BodyBudget::take(std::size_t octets, std::uint64_t holder, std::size_t own) {
  const std::lock_guard lock(mutex_);
  if (octets > free_) return false;
  if (holder == 0) {
    free_ -= octets;
    return true;
  }
  const auto found = held_.find(holder);
  const std::size_t held = found == held_.end() ? 0 : found->second;
  if (held > own && held + octets > free_ - octets) return false;
  free_ -= octets;
  held_[holder] = held + octets;
  return true;
}

void BodyBudget::give_back(std::size_t octets, std::uint64_t holder) {
  const std::lock_guard lock(mutex_);
  free_ += octets;
  const auto found = held_.find(holder);
  if (found == held_.end()) return;
  found->second -= octets;
  if (found->second == 0) held_.erase(found);
}

std::size_t BodyBudget::taken() const {
  const std::lock_guard lock(mutex_);
  return all_ - free_;
}

}  // namespace http
