#include "flow/signature/reading_turn.hpp"

#include <algorithm>

namespace flow {

base::Result<Readings::Turn> Readings::take(const std::string& whose, std::size_t octets) {
  if (octets <= small) return Turn();
  // What is larger than all could never be read otherwise.
  octets = std::min(octets, most);
  const std::lock_guard lock(mutex_);
  const auto found = held_.find(whose);
  const std::size_t held = found == held_.end() ? 0 : found->second;
  const std::size_t free = most - taken_;
  if (octets > free || (held > 0 && held + octets > free - octets)) {
    return base::fail(base::Code::unavailable, std::string(readings_busy));
  }
  taken_ += octets;
  held_[whose] = held + octets;
  return Turn(this, whose, octets);
}

void Readings::give_back(const std::string& whose, std::size_t octets) {
  const std::lock_guard lock(mutex_);
  taken_ -= octets;
  const auto found = held_.find(whose);
  found->second -= octets;
  if (found->second == 0) held_.erase(found);
}

}  // namespace flow
