// Runs the acts on many accounts that administrators have begun (bulk_act.hpp), for the background. Each account is
// changed by the same function as on its own page, in a transaction of its own that also has its outcome and its audit
// event: a server that is killed repeats nothing, and of several nodes one changes an account.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"

namespace flow {

/// One account of each run: false if there is no run. Errors: unavailable; what was not done waits.
base::Result<bool> run_bulk_step(const House& house, base::Time now);

}  // namespace flow
