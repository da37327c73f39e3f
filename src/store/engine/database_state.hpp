// What can be wrong with a database as a whole: damaged pages, indexes that are not used, and settings of PostgreSQL
// with which acknowledged changes can be lost. For the operator; no request reads it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/engine/store.hpp"

namespace store {

struct MissingIndex {
  std::string name;
  std::string statement;  // that makes it again
};

struct DatabaseState {
  std::string damage;                         // of the embedded file, in SQLite's words; "" = none was found
  bool is_examined = true;                    // false: the embedded file is larger than was asked for
  bool has_checksums = true;                  // PostgreSQL notices when a disk gives other octets than were written
  std::vector<std::string> unsafe_settings;   // of PostgreSQL, which are off: "fsync", "full_page_writes"
  std::vector<std::string> invalid_indexes;   // of PostgreSQL, whose making was interrupted: no statement uses them
  std::vector<MissingIndex> missing_indexes;  // that the schema has and the database lacks
};

/// Reads all pages of an embedded database of at most `most_octets` (PRAGMA quick_check), or asks PostgreSQL about
/// itself. Errors: unavailable, internal (SQLite gives up because of what it met).
base::Result<DatabaseState> look_at_database(Tx& tx, std::int64_t most_octets);

/// How many commits have waited for more than five seconds for a synchronous standby of PostgreSQL, which may be gone;
/// always 0 with SQLite. Errors: unavailable.
base::Result<std::int64_t> count_waiting_commits(Tx& tx);

}  // namespace store
