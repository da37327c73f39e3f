// Erases the personal parts of the events of deleted accounts (docs/decisions/0024-erasure-in-steps.md; readers have
// not seen them since the deletion), and those that are too old (0023-retention-of-personal-parts.md).
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"

namespace flow {

/// One step: a few hundred events in one write, so that other writes can run in between. Gives whether more may be due;
/// if nothing is due, it writes nothing. Any node may take any step, because each is one transaction of the cluster's
/// one writer.
base::Result<bool> erase_due_step(const House& house);
/// The same for what is older than AuditSettings allow, by whole days (UTC), so that one event a day and part records
/// it.
base::Result<bool> erase_old_step(const House& house, base::Time now);

}  // namespace flow
