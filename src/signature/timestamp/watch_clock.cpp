#include "signature/timestamp/watch_clock.hpp"

namespace signature {

ClockFlaw watch_clock(ClockWatch& watch, const ClockReading& now, base::Duration accuracy) {
  if (!watch.before) watch.before = now;
  const base::Duration by_wall = now.wall - watch.before->wall;
  const base::Duration by_steady = now.steady - watch.before->steady;
  const base::Duration jump = by_wall - by_steady;
  const bool has_jumped = jump > accuracy / 2 || jump < -(accuracy / 2);
  if (has_jumped) watch.mistrusted_until = now.steady + clock_settles;
  // Threads may bring their readings in another order than they took them.
  if (has_jumped || by_steady >= clock_compared) watch.before = now;
  if (has_jumped) return ClockFlaw::jumped;
  return now.steady < watch.mistrusted_until ? ClockFlaw::settling : ClockFlaw::none;
}

}  // namespace signature
