#include "courier/backoff.hpp"

#include <algorithm>

namespace courier {

std::optional<base::Duration> find_delay(const Backoff& rule, std::int64_t failures, base::Duration age,
                                         double random) {
  base::Duration delay = std::min(rule.first, rule.most);
  // Doubled in a loop, because first * 2^failures would overflow after about sixty failures.
  for (std::int64_t i = 1; i < failures && delay < rule.most; ++i) delay = std::min(delay * 2, rule.most);
  const double spread = static_cast<double>(std::clamp(rule.jitter_percent, 0, 100)) / 100.0;
  const double factor = 1.0 - spread / 2 + spread * std::clamp(random, 0.0, 1.0);
  const auto spread_out = static_cast<base::Duration::rep>(static_cast<double>(delay.count()) * factor);
  delay = std::max(base::Duration(spread_out), base::Duration(1));
  if (age + delay >= rule.give_up_after) return std::nullopt;
  return delay;
}

}  // namespace courier
