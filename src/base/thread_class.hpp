// The scheduling class of threads: which thread preempts which (docs/decisions/0035).
#pragma once

namespace base {

/// SCHED_BATCH for the calling thread and for those that it starts: when it is woken, it does not preempt the thread
/// that runs. Where the system refuses it (some containers), nothing changes.
void preempt_nobody();

}  // namespace base
