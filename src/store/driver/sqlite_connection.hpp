// SQLite (WAL, made durable by Engine::sync_log after each commit): one connection writes and checkpoints, the others
// are opened read-only. SQLite before 3.51.3 can lose commits when one connection checkpoints while another commits;
// with a single writing connection that race has no second actor (sqlite.org/wal.html#walresetbug).
#pragma once

#include <memory>
#include <string>

#include "store/driver/sql.hpp"

namespace store::sqlite {

enum class Role : std::uint8_t {
  writer,
  reader
};

/// `durable` false: for a database that ends with this process.
/// Errors: unavailable (cannot be opened, disk full), invalid_input (not an SQLite file, or not ours).
base::Result<std::unique_ptr<Connection>> connect(const std::string& path, Role role, bool durable);

/// For a file that nobody changes any more, without its log and without any lock. Errors: unavailable.
base::Result<std::unique_ptr<Connection>> connect_copy(const std::string& path);

/// Marks the file as ours, so that another program's database is never taken for it ("CHCY").
inline constexpr int application_id = 0x43484359;

}  // namespace store::sqlite
