// The schema, as numbered steps that only go forward, each in one transaction. The database records which steps
// it has and the oldest version of the program that can work with it; an older program refuses to start.
#pragma once

#include <string>
#include <vector>

#include "store/driver/engine.hpp"

namespace store {

struct Migration {
  std::int64_t step;
  /// Statements of both dialects: types bigint, text, bytea; {without_rowid} after a table keyed by an identifier;
  /// {row_number} as the type of a whole-number primary key.
  std::string ddl;
  /// The oldest program (its newest step) that works with the schema after this step.
  std::int64_t oldest_compatible;
};

/// All steps of this program, in order.
const std::vector<Migration>& all_migrations();
Migration schema_001();
Migration schema_002();
Migration schema_003();
Migration schema_004();

/// Brings the schema up to date, or only checks it (`may_change` false).
/// Errors: conflict (made by a newer program, or older than this one and may not be changed), invalid_input (a
/// database of another program, or of another master key), unavailable.
base::Result<void> migrate(Engine& engine, Connection& connection, const crypto::MasterKey& master,
                           const base::Secret& seal_key, bool may_change);

}  // namespace store
