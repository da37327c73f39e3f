// What a server asks of its process: memory that goes back to the system, as many files as are allowed, signals.
#pragma once

namespace app {

/// Few malloc arenas, large blocks (the memory of password hashes) given back at once. Before the first thread.
void limit_memory();
/// As many open files as the hard limit allows: connections are files.
void raise_file_limit();
/// Blocks SIGTERM, SIGINT and SIGHUP for this and all later threads, ignores SIGPIPE.
void block_signals();
/// Waits for SIGTERM, SIGINT or SIGHUP and gives it.
int wait_for_signal();

}  // namespace app
