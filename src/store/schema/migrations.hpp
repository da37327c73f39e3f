// Brings the schema of a database up to date, each step in one transaction. The database records which steps it has and
// the oldest program that can work with it; an older program refuses to start.
#pragma once

#include "store/driver/engine.hpp"

namespace store {

/// Brings the schema up to date, or only checks it (`may_change` false).
/// Errors: conflict (made by a newer program, or older than this one and may not be changed), invalid_input (a
/// database of another program, or of another master key), unavailable.
base::Result<void> migrate(Engine& engine, Connection& connection, const crypto::MasterKey& master,
                           const base::Secret& seal_key, bool may_change);

}  // namespace store
