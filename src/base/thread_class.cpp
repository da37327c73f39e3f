#include "base/thread_class.hpp"

#include <sched.h>

namespace base {

void preempt_nobody() {
  const sched_param none{};
  (void)::sched_setscheduler(0, SCHED_BATCH, &none);
}

}  // namespace base
