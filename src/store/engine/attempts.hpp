// A transaction whose connection was lost before anything came of it is run again, a bounded number of times. The
// second attempt follows at once, because a connection that died while it was idle says so only at its next statement.
// Before the third one the thread waits, because then a new connection was lost too.
#pragma once

#include <chrono>
#include <thread>

namespace store {

constexpr int most_attempts = 3;

/// Called after attempt number `failed`, counted from 1, has failed and before the next one.
inline void wait_after_attempt(int failed) {
  constexpr std::chrono::milliseconds pause(100);
  if (failed > 1) std::this_thread::sleep_for(pause);
}

}  // namespace store
