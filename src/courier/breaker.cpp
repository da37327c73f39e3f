#include "courier/breaker.hpp"

#include <algorithm>

namespace courier {

bool Breaker::admit(base::Time now) {
  if (!is_open()) return true;
  if (probing_ || now < next_probe_) return false;
  probing_ = true;
  return true;
}

bool Breaker::note(bool answered, base::Time now) {
  const bool was_open = is_open();
  probing_ = false;
  if (answered) {
    failures_ = 0;
    pause_ = base::Duration(0);
    return was_open;
  }
  failures_ = std::min(failures_ + 1, rule_.failures);
  if (!is_open()) return false;
  // Deliveries that had begun before the breaker opened must not lengthen the pause.
  if (was_open && now < next_probe_) return false;
  pause_ = std::clamp(pause_ * 2, rule_.first, rule_.longest);
  next_probe_ = now + pause_;
  return !was_open;
}

}  // namespace courier
