// PostgreSQL through libpq: prepared statements in binary form, pipelined. BEGIN, savepoints and ROLLBACK are only
// queued and travel with the next statement, so that a transaction costs one round trip for each statement and one for
// the commit. Writes hold one advisory lock of the cluster until their commit. They are therefore strictly serial, as
// on SQLite, and READ COMMITTED is enough for them: each statement sees all that was committed before the lock was
// acquired, and nothing else is committed while it is held. Readers have a REPEATABLE READ snapshot.
#pragma once

#include <memory>
#include <string>

#include "store/driver/sql.hpp"

namespace store::postgres {

enum class Role : std::uint8_t {
  writer,
  reader
};

/// Errors: unavailable (cannot connect), invalid_input (the connection string is unreadable).
base::Result<std::unique_ptr<Connection>> connect(const std::string& conninfo, Role role);

}  // namespace store::postgres
