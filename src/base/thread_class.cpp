#include "base/thread_class.hpp"

#include <sched.h>
#include <sys/resource.h>

namespace base {

void preempt_nobody() {
  const sched_param none{};
  (void)::sched_setscheduler(0, SCHED_BATCH, &none);
}

void yield_to_others() {
  preempt_nobody();
  constexpr int step = 10;  // a weight of 110 beside 1024 (sched(7), "The nice value")
  // On Linux the nice value is one of the thread, and "0" names the calling one.
  const int nice_now = ::getpriority(PRIO_PROCESS, 0);
  (void)::setpriority(PRIO_PROCESS, 0, nice_now + step);
}

}  // namespace base
