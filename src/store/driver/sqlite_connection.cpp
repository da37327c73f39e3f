#include "store/driver/sqlite_connection.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <unordered_map>

#include "store/driver/sqlite_bulk.hpp"

namespace store::sqlite {
namespace {

constexpr std::chrono::milliseconds usual_patience(5000);  // with others who hold the file

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  [[nodiscard]] bool is_null(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  [[nodiscard]] std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  [[nodiscard]] std::string_view view(int column) const override {
    const void* octets = sqlite3_column_blob(statement_, column);
    if (octets == nullptr) return {};
    return {static_cast<const char*>(octets), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3_stmt* statement_;
};

bool is_of_file(int code) {
  const int kind = code & 0xff;
  return kind == SQLITE_FULL || kind == SQLITE_IOERR || kind == SQLITE_READONLY || kind == SQLITE_CANTOPEN;
}

struct Statement {
  sqlite3_stmt* handle = nullptr;
  Tables reads;
  Tables changes;
  std::vector<int> places;  // of $1, $2, …: SQLite numbers parameters in the order in which they first occur
};

class SqliteConnection final : public Connection, public BulkConnection {
 public:
  explicit SqliteConnection(sqlite3* db) : db_(db) { sqlite3_set_authorizer(db_, note_table, this); }
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;
  ~SqliteConnection() override {
    for (auto& [text, statement] : statements_) sqlite3_finalize(statement.handle);
    sqlite3_close(db_);
  }

  base::Result<std::int64_t> run(Sql sql, std::span<const Param> params, const RowVisitor* visitor) override {
    ASSIGN_OR_RETURN(Statement * statement, find_statement(sql, params.size()));
    for (std::size_t i = 0; i < params.size(); ++i) {
      if (!bind(statement->handle, statement->places[i], params[i])) return fail_with(sql.view());
    }
    read_tables_ |= statement->reads;
    changed_tables_ |= statement->changes;
    std::int64_t rows = 0;
    int step = SQLITE_ROW;
    const SqliteRow row(statement->handle);
    try {
      while ((step = sqlite3_step(statement->handle)) == SQLITE_ROW) {
        ++rows;
        if (visitor != nullptr) (*visitor)(row);
      }
    } catch (...) {
      sqlite3_reset(statement->handle);
      throw;
    }
    if (step != SQLITE_DONE) {
      auto failed = fail_with(sql.view());
      sqlite3_reset(statement->handle);
      return failed;
    }
    const bool reads = sqlite3_column_count(statement->handle) > 0;
    sqlite3_reset(statement->handle);
    return reads ? rows : sqlite3_changes64(db_);
  }

  base::Result<void> run_script(const std::string& text) override {
    changed_tables_.set();
    if (sqlite3_exec(db_, text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      return base::pass_on(fail_with(text));
    }
    return {};
  }

  base::Result<void> begin_read() override { return plain("BEGIN"); }
  void end_read() override { rollback(); }
  base::Result<void> begin_write() override { return plain("BEGIN IMMEDIATE"); }
  base::Result<void> commit() override { return plain("COMMIT"); }
  void rollback() override {
    if (sqlite3_get_autocommit(db_) == 0) (void)plain("ROLLBACK");
  }
  base::Result<void> set_savepoint() override { return plain("SAVEPOINT member"); }
  base::Result<void> release_savepoint() override { return plain("RELEASE member"); }
  base::Result<void> roll_back_to_savepoint() override {
    RETURN_IF_ERROR(plain("ROLLBACK TO member"));
    return plain("RELEASE member");
  }
  base::Result<bool> empty_log(std::chrono::milliseconds patience) override {
    sqlite3_busy_timeout(db_, static_cast<int>(patience.count()));
    const int done = sqlite3_wal_checkpoint_v2(db_, "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite3_busy_timeout(db_, static_cast<int>(usual_patience.count()));
    if (done == SQLITE_OK) return true;
    if (done == SQLITE_BUSY) return false;
    return base::pass_on(fail_with("wal_checkpoint"));
  }
  [[nodiscard]] bool is_shared() const override { return false; }
  [[nodiscard]] bool has_answered() const override { return true; }

  base::Result<std::vector<BulkTable>> list_bulk_tables() override { return sqlite::list_bulk_tables(db_); }
  base::Result<void> read_all(const BulkTable& table, const TakeRow& take) override {
    return sqlite::read_all(db_, table, take);
  }
  base::Result<void> write_all(const BulkTable& table, const GiveRow& give) override {
    changed_tables_.set();
    return sqlite::write_all(db_, table, give);
  }
  base::Result<void> prepare_for_bulk() override { return run_script("PRAGMA defer_foreign_keys=1"); }
  [[nodiscard]] std::string file() const override { return sqlite3_db_filename(db_, "main"); }
  base::Result<int> copy_pages(const std::string& folder) override { return sqlite::copy_pages(db_, folder); }

 private:
  // Called while a statement is prepared, for each column that it reads and each table that it changes, also by
  // triggers and foreign keys. It allows everything.
  static int note_table(void* connection, int action, const char* table, const char* /*column*/,
                        const char* /*database*/, const char* /*trigger*/) {
    auto& self = *static_cast<SqliteConnection*>(connection);
    if (table == nullptr) return SQLITE_OK;
    if (action == SQLITE_READ) self.being_prepared_.reads.set(place_of_table(table));
    if (action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE) {
      self.being_prepared_.changes.set(place_of_table(table));
    }
    return SQLITE_OK;
  }

  base::Result<void> plain(Sql sql) { return without_count(run(sql, {}, nullptr)); }

  base::Result<Statement*> find_statement(Sql sql, std::size_t parameters) {
    Statement& statement = statements_[sql.text()];
    if (statement.handle == nullptr) {
      being_prepared_ = {};
      if (sqlite3_prepare_v3(db_, sql.text(), static_cast<int>(sql.view().size()), SQLITE_PREPARE_PERSISTENT,
                             &statement.handle, nullptr) != SQLITE_OK) {
        return base::pass_on(fail_with(sql.view()));
      }
      statement.reads = being_prepared_.reads;
      statement.changes = being_prepared_.changes;
      const int count = sqlite3_bind_parameter_count(statement.handle);
      for (int i = 1; i <= count; ++i) {
        statement.places.push_back(sqlite3_bind_parameter_index(statement.handle, ("$" + std::to_string(i)).c_str()));
      }
    }
    if (statement.places.size() != parameters) {
      return base::fail(base::Code::internal, "wrong number of parameters: " + std::string(sql.view()));
    }
    return &statement;
  }

  // SQLite need not copy the value (SQLITE_STATIC), because it lives until the statement is done.
  static bool bind(sqlite3_stmt* statement, int place, const Param& param) {
    if (param.is_null()) return sqlite3_bind_null(statement, place) == SQLITE_OK;
    const std::string_view octets = param.octets();
    const char* data = octets.data() == nullptr ? "" : octets.data();
    switch (param.type()) {
      case Param::Type::integer: return sqlite3_bind_int64(statement, place, param.number()) == SQLITE_OK;
      case Param::Type::text:
        return sqlite3_bind_text64(statement, place, data, octets.size(), SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK;
      case Param::Type::blob:
        return sqlite3_bind_blob64(statement, place, data, octets.size(), SQLITE_STATIC) == SQLITE_OK;
    }
    return false;
  }

  base::Result<std::int64_t> fail_with(std::string_view sql) {
    const int code = sqlite3_extended_errcode(db_);
    std::string reason = sqlite3_errmsg(db_);
    // After a full disk or an input/output error SQLite rolls back the whole transaction by itself, but not always. The
    // transaction counts as lost in any case, because further statements on a file that cannot be written would fail
    // too.
    const bool whole = sqlite3_get_autocommit(db_) != 0 || is_of_file(code);
    last_failure_ = whole ? Failure::transaction : Failure::statement;
    switch (code & 0xff) {
      case SQLITE_FULL:
      case SQLITE_IOERR:
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
      case SQLITE_NOMEM:
      case SQLITE_CANTOPEN:
      case SQLITE_READONLY: return base::fail(base::Code::unavailable, "database: " + reason);
      case SQLITE_NOTADB: return base::fail(base::Code::invalid_input, "database: " + reason);
      case SQLITE_CORRUPT: return base::fail(base::Code::internal, "database: " + reason);
      case SQLITE_CONSTRAINT:
        if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY) {
          return base::fail(base::Code::already_exists, std::move(reason));
        }
        break;
      default: break;
    }
    return base::fail(base::Code::internal, "database: " + reason + " in " + std::string(sql.substr(0, 120)));
  }

  struct TablesOfStatement {
    Tables reads;
    Tables changes;
  };

  sqlite3* db_;
  TablesOfStatement being_prepared_;
  std::unordered_map<const char*, Statement> statements_;
};

base::Result<std::int64_t> read_pragma(Connection& connection, Sql sql) {
  std::int64_t number = 0;
  auto visit = [&](const Row& row) { number = read_integer(row); };
  const RowVisitor visitor(visit);
  RETURN_IF_ERROR(connection.run(sql, {}, &visitor));
  return number;
}

// Sets or reads a PRAGMA and judges the answer, because SQLite reports a refusal only by a different value.
base::Result<void> expect_answer(Connection& connection, Sql sql, std::string_view expected) {
  std::string answer;
  auto visit = [&](const Row& row) { answer = read_text(row); };
  const RowVisitor visitor(visit);
  RETURN_IF_ERROR(connection.run(sql, {}, &visitor));
  if (answer == expected) return {};
  return base::fail(base::Code::unavailable, "the database answers \"" + answer + "\" to " + std::string(sql.view()));
}

base::Result<void> demand_empty_log(Connection& connection) {
  ASSIGN_OR_RETURN(const bool is_empty, connection.empty_log(usual_patience));
  if (is_empty) return {};
  return base::fail(base::Code::unavailable,
                    "another program reads the database and keeps its log from being moved into the file; start again "
                    "when it has ended");
}

// A file that has content but not our mark belongs to another program.
base::Result<void> take_possession(Connection& connection) {
  ASSIGN_OR_RETURN(const std::int64_t mark, read_pragma(connection, "PRAGMA application_id"));
  if (mark == application_id) return {};
  ASSIGN_OR_RETURN(const std::int64_t tables, read_pragma(connection, "SELECT count(*) FROM sqlite_master"));
  if (tables > 0 || mark != 0) {
    return base::fail(base::Code::invalid_input, "the file is a database of another program");
  }
  return connection.run_script("PRAGMA application_id=" + std::to_string(application_id));
}

// A path as the part of a URI that names a file (sqlite.org/uri.html).
std::string path_in_uri(const std::string& path) {
  std::string uri;
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      uri += c == '%' ? "%25" : c == '?' ? "%3f" : "%23";
    } else {
      uri += c;
    }
  }
  return uri;
}

}  // namespace

base::Result<std::unique_ptr<Connection>> connect_copy(const std::string& path) {
  sqlite3* db = nullptr;
  const std::string uri = "file:" + path_in_uri(path) + "?immutable=1";
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
  const int opened = sqlite3_open_v2(uri.c_str(), &db, flags, nullptr);
  auto connection = std::make_unique<SqliteConnection>(db);
  if (opened != SQLITE_OK) {
    return base::fail(base::Code::unavailable, path + " cannot be opened: " + sqlite3_errstr(opened));
  }
  RETURN_IF_ERROR(connection->run_script("PRAGMA query_only=1; PRAGMA temp_store=MEMORY"));
  return connection;
}

base::Result<std::unique_ptr<Connection>> connect(const std::string& path, Role role, bool durable) {
  if (role == Role::writer) {
    // Created here with mode 0600, so that no other user of the machine can read it; SQLite gives the log the same
    // mode.
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return base::fail(base::Code::unavailable, path + " cannot be opened for writing");
    ::close(file);
  }
  // SQLite would take one lock of the whole process at every allocation to count its memory; the count is not used.
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)configured;
  sqlite3* db = nullptr;
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (role == Role::writer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
  const int opened = sqlite3_open_v2(path.c_str(), &db, flags, nullptr);
  auto connection = std::make_unique<SqliteConnection>(db);
  if (opened != SQLITE_OK) {
    return base::fail(base::Code::unavailable, path + " cannot be opened: " + sqlite3_errstr(opened));
  }
  // The plan of a statement must not depend on the values that are bound to it: otherwise SQLite plans a statement
  // anew, whenever it runs with another value, if a partial index might suit that value (docs/decisions/0100).
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
  sqlite3_busy_timeout(db, static_cast<int>(usual_patience.count()));
  if (role == Role::reader) {
    // A small cache is enough, because every commit empties it and the pages are in the cache of the system.
    RETURN_IF_ERROR(connection->run_script("PRAGMA query_only=1; PRAGMA cache_size=-256; PRAGMA temp_store=MEMORY"));
    (void)connection->take_changed_tables();  // settings are no changes
    return connection;
  }
  RETURN_IF_ERROR(take_possession(*connection));
  RETURN_IF_ERROR(expect_answer(*connection, "PRAGMA journal_mode=WAL", "wal"));
  RETURN_IF_ERROR(connection->run_script(
      "PRAGMA foreign_keys=1; PRAGMA cache_size=-2048; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864; "
      "PRAGMA wal_autocheckpoint=4000"));
  // What is erased is overwritten with zeros, so that it cannot be read from the file.
  RETURN_IF_ERROR(expect_answer(*connection, "PRAGMA secure_delete=1", "1"));
  RETURN_IF_ERROR(expect_answer(*connection, "PRAGMA foreign_keys", "1"));
  // The log that an earlier process left is moved into the file first. If a part of it had not reached the disk, this
  // fails, so that no new frame is written behind a missing one.
  RETURN_IF_ERROR(demand_empty_log(*connection));
  // NORMAL syncs at checkpoints only, in the right order; Engine::sync_log makes each commit durable.
  RETURN_IF_ERROR(connection->run_script(durable ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=OFF"));
  (void)connection->take_changed_tables();
  return connection;
}

}  // namespace store::sqlite
