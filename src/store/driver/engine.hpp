// One database on one of the two engines. It makes the connections that write and read.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "store/driver/sql.hpp"

namespace store {

class Engine {
 public:
  virtual ~Engine() = default;
  virtual base::Result<std::unique_ptr<Connection>> connect_writer() = 0;
  virtual base::Result<std::unique_ptr<Connection>> connect_reader() = 0;
  [[nodiscard]] virtual bool is_postgresql() const = 0;
  /// Makes durable all commits before the call, where COMMIT itself does not. Called by one thread at a time, while
  /// another one writes. Errors: unavailable.
  virtual base::Result<void> sync_log() { return {}; }
  /// A step of the schema in the words of this engine: see store/schema/steps.hpp.
  [[nodiscard]] virtual std::string translate(std::string ddl) const = 0;
  /// Whether the database holds tables that are not ours (called only if ours are not there).
  virtual base::Result<bool> holds_foreign_tables(Connection& connection) = 0;
  virtual base::Result<bool> has_table_of_migrations(Connection& connection) = 0;
  /// Whether a write could succeed, without writing: asked when nobody writes. What it cannot see (a full disk), the
  /// next write does.
  virtual base::Result<bool> takes_writes(Connection& connection) = 0;
  /// Whether the role of the connection may make tables where ours are.
  virtual base::Result<bool> may_change_schema(Connection& /*connection*/) { return true; }
  /// What the role of the connection may do in the whole server and this program never needs, in the database's words.
  virtual base::Result<std::vector<std::string>> find_excess_rights(Connection& /*connection*/) {
    return std::vector<std::string>();
  }
};

/// SQLite: takes the lock file beside the database. `read_only` takes no lock and cannot connect a writer.
/// Errors: unavailable (locked by another process, cannot be opened).
base::Result<std::unique_ptr<Engine>> make_sqlite_engine(const std::string& path, bool read_only);
/// `conninfo`: a libpq URL or keyword string.
base::Result<std::unique_ptr<Engine>> make_postgres_engine(const std::string& conninfo);

/// Whether a statement that counts gives more than 0.
inline base::Result<bool> is_any(Connection& connection, Sql sql) {
  bool any = false;
  auto visit = [&](const Row& row) { any = read_integer(row) > 0; };
  const RowVisitor visitor(visit);
  RETURN_IF_ERROR(connection.run(sql, {}, &visitor));
  return any;
}

}  // namespace store
