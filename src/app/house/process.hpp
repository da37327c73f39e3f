// Settings of the process: memory that is returned to the system, the limit of open files, signals.
#pragma once

#include <cstddef>

namespace app {

/// Few malloc arenas, large blocks (the memory of password hashes) given back at once. Before the first thread.
void limit_memory();
/// Gives back what only the start needed: free heap, and pages of programs and libraries that ran once. They are clean
/// and stay in the page cache; pages that are needed again are mapped again. Call when everything has started.
void give_back_start_memory();
/// As many open files as the hard limit allows: connections are files.
void raise_file_limit();
/// Cores that this process may keep busy: by affinity (taskset, cpusets) and by quota (cgroup v2, cpu.max). At least 1.
std::size_t count_cores();
/// Blocks SIGTERM, SIGINT and SIGHUP for this and all later threads, ignores SIGPIPE.
void block_signals();
/// Waits for SIGTERM, SIGINT or SIGHUP and gives it.
int wait_for_signal();

}  // namespace app
