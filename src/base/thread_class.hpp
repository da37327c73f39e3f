// The scheduling class of threads: which thread preempts which (docs/decisions/0035).
#pragma once

namespace base {

/// SCHED_BATCH for the calling thread and for those that it starts: when it is woken, it does not preempt the thread
/// that runs. Where the system refuses it (some containers), nothing changes.
void preempt_nobody();

/// For the calling thread and those that it starts: beside others that want the same core it gets about a tenth of it,
/// and all of what they leave. It must hold no lock for long that others wait for. Where the system refuses it, nothing
/// changes.
void yield_to_others();

}  // namespace base
