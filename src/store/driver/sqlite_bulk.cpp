#include "store/driver/sqlite_bulk.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <thread>
#include <utility>

namespace store::sqlite {
namespace {

using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;
using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;

// A mebibyte, or a little more, of one step; then others that want the processor have their turn.
constexpr int pages_of_step = 256;

auto failed(sqlite3* db) {
  const int kind = sqlite3_errcode(db) & 0xff;
  const bool is_of_file = kind == SQLITE_FULL || kind == SQLITE_IOERR || kind == SQLITE_BUSY ||
                          kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY || kind == SQLITE_NOMEM;
  const base::Code code = kind == SQLITE_CONSTRAINT ? base::Code::already_exists
                          : is_of_file              ? base::Code::unavailable
                                                    : base::Code::internal;
  return base::fail(code, std::string("database: ") + sqlite3_errmsg(db));
}

std::string quoted(const std::string& name) {
  return "\"" + name + "\"";
}

std::string names_of(const BulkTable& table) {
  std::string names;
  for (const BulkColumn& column : table.columns) names += (names.empty() ? "" : ", ") + quoted(column.name);
  return names;
}

base::Result<Statement> prepare(sqlite3* db, const std::string& text) {
  sqlite3_stmt* made = nullptr;
  if (sqlite3_prepare_v2(db, text.c_str(), static_cast<int>(text.size()), &made, nullptr) != SQLITE_OK) {
    return failed(db);
  }
  return Statement(made, &sqlite3_finalize);
}

std::string_view octets_at(sqlite3_stmt* row, int column) {
  const void* octets = sqlite3_column_blob(row, column);
  if (octets == nullptr) return {};
  return {static_cast<const char*>(octets), static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
}

// SQLite keeps a value of any type in any column; nothing is turned into another one without a word.
base::Result<void> append_value(sqlite3_stmt* row, int column, const BulkTable& table, base::Bytes& tuple) {
  const int stored = sqlite3_column_type(row, column);
  const BulkColumn& shape = table.columns[static_cast<std::size_t>(column)];
  if (stored == SQLITE_NULL) {
    append_null(tuple);
  } else if (stored == SQLITE_INTEGER && shape.type == Param::Type::integer) {
    append_number(tuple, sqlite3_column_int64(row, column));
  } else if ((stored == SQLITE_TEXT && shape.type == Param::Type::text) ||
             (stored == SQLITE_BLOB && shape.type == Param::Type::blob)) {
    append_field(tuple, octets_at(row, column));
  } else {
    return base::fail(base::Code::internal,
                      "a value of " + table.name + "." + shape.name + " is not of the type of its column");
  }
  return {};
}

bool bind(sqlite3_stmt* statement, int place, Param::Type type, const TupleField& field) {
  if (field.is_null) return sqlite3_bind_null(statement, place) == SQLITE_OK;
  const char* data = field.octets.data();
  switch (type) {
    case Param::Type::integer:
      return field.octets.size() == 8 && sqlite3_bind_int64(statement, place, number_of(field.octets)) == SQLITE_OK;
    case Param::Type::text:
      return base::is_utf8(field.octets) && field.octets.find('\0') == std::string_view::npos &&
             sqlite3_bind_text64(statement, place, data, field.octets.size(), SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK;
    case Param::Type::blob:
      return sqlite3_bind_blob64(statement, place, data, field.octets.size(), SQLITE_STATIC) == SQLITE_OK;
  }
  return false;
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

// The name is removed as soon as SQLite has the file open.
base::Result<Database> open_nameless(const std::string& path) {
  sqlite3* made = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &made,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Database copy(made, &sqlite3_close);
  // A copy has nothing to undo, and whoever keeps what is made of it syncs that.
  const bool is_set = opened == SQLITE_OK && sqlite3_exec(made, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF",
                                                          nullptr, nullptr, nullptr) == SQLITE_OK;
  ::unlink(path.c_str());
  if (!is_set) {
    return base::fail(base::Code::unavailable, path + " cannot be opened: " + sqlite3_errstr(opened));
  }
  return copy;
}

}  // namespace

base::Result<std::vector<BulkTable>> list_bulk_tables(sqlite3* db) {
  ASSIGN_OR_RETURN(const Statement columns,
                   prepare(db,
                           "SELECT m.name, c.name, lower(c.type) FROM sqlite_master m JOIN pragma_table_info(m.name) c "
                           "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid"));
  std::vector<BulkTable> tables;
  int step = SQLITE_ROW;
  while ((step = sqlite3_step(columns.get())) == SQLITE_ROW) {
    const std::string table(octets_at(columns.get(), 0));
    if (tables.empty() || tables.back().name != table) tables.push_back({table, {}});
    const std::string_view type = octets_at(columns.get(), 2);
    const bool is_number = type == "bigint" || type == "integer";
    if (!is_number && type != "text" && type != "bytea") {
      return base::fail(base::Code::internal, "the table " + table + " has a column of another type");
    }
    const Param::Type kind = is_number ? Param::Type::integer : type == "text" ? Param::Type::text : Param::Type::blob;
    tables.back().columns.push_back({std::string(octets_at(columns.get(), 1)), kind});
  }
  if (step != SQLITE_DONE) return failed(db);
  return tables;
}

base::Result<void> read_all(sqlite3* db, const BulkTable& table, const TakeRow& take) {
  ASSIGN_OR_RETURN(const Statement rows,
                   prepare(db, std::string("SELECT") + " " + names_of(table) + " FROM " + quoted(table.name)));
  base::Bytes tuple;
  int step = SQLITE_ROW;
  while ((step = sqlite3_step(rows.get())) == SQLITE_ROW) {
    begin_tuple(tuple, table.columns.size());
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      RETURN_IF_ERROR(append_value(rows.get(), static_cast<int>(i), table, tuple));
    }
    RETURN_IF_ERROR(take(tuple));
  }
  if (step != SQLITE_DONE) return failed(db);
  return {};
}

base::Result<void> write_all(sqlite3* db, const BulkTable& table, const GiveRow& give) {
  std::string places;
  for (std::size_t i = 1; i <= table.columns.size(); ++i) places += (i == 1 ? "?" : ", ?") + std::to_string(i);
  ASSIGN_OR_RETURN(const Statement insert, prepare(db, std::string("INSERT") + " INTO " + quoted(table.name) + " (" +
                                                           names_of(table) + ") VALUES (" + places + ")"));
  base::Bytes tuple;
  while (true) {
    ASSIGN_OR_RETURN(const bool has_row, give(tuple));
    if (!has_row) return {};
    ASSIGN_OR_RETURN(const auto fields, read_tuple(tuple, table.columns.size()));
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (bind(insert.get(), static_cast<int>(i) + 1, table.columns[i].type, fields[i])) continue;
      return base::fail(base::Code::invalid_input,
                        "a value for " + table.name + "." + table.columns[i].name + " is not of its type");
    }
    if (sqlite3_step(insert.get()) != SQLITE_DONE) return failed(db);
    sqlite3_reset(insert.get());
  }
}

base::Result<int> copy_pages(sqlite3* from, const std::string& folder) {
  std::string path = folder + "/copy-XXXXXX";
  Descriptor file(::mkostemp(path.data(), O_CLOEXEC));  // mode 0600
  if (file.number() < 0) {
    return base::fail(base::Code::unavailable, "no file can be made in " + folder + ": " + std::strerror(errno));
  }
  ASSIGN_OR_RETURN(const Database copy, open_nameless(path));
  sqlite3_backup* const backup = sqlite3_backup_init(copy.get(), "main", from, "main");
  if (backup == nullptr) return failed(copy.get());
  int step = SQLITE_OK;
  while ((step = sqlite3_backup_step(backup, pages_of_step)) == SQLITE_OK) std::this_thread::yield();
  sqlite3_backup_finish(backup);
  if (step == SQLITE_DONE) return file.release();
  const bool is_of_disk = (step & 0xff) == SQLITE_FULL || (step & 0xff) == SQLITE_IOERR;
  return base::fail(is_of_disk ? base::Code::unavailable : base::Code::internal,
                    std::string("the database cannot be copied: ") + sqlite3_errstr(step));
}

}  // namespace store::sqlite
