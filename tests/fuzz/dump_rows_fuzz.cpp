// Rows of a dump, of which only the seal was judged before: as `load` writes them into an embedded database. A row that
// is taken comes out of the database as it was.
#include <sqlite3.h>

#include <algorithm>
#include <cstdint>

#include "store/driver/bulk.hpp"
#include "store/driver/sqlite_bulk.hpp"

namespace {

sqlite3* open_database() {
  sqlite3* db = nullptr;
  if (sqlite3_open(":memory:", &db) != SQLITE_OK ||
      sqlite3_exec(db,
                   "CREATE TABLE thing (id bytea PRIMARY KEY NOT NULL, name text NOT NULL, at bigint, note text, "
                   "key bytea, UNIQUE (name)) WITHOUT ROWID; CREATE TABLE empty (number bigint PRIMARY KEY NOT NULL)",
                   nullptr, nullptr, nullptr) != SQLITE_OK) {
    __builtin_trap();
  }
  return db;
}

/// Each tuple has its length before it: two octets.
std::vector<base::Bytes> cut(base::BytesView input) {
  std::vector<base::Bytes> tuples;
  while (input.size() >= 2) {
    const std::size_t size =
        static_cast<unsigned char>(input[0]) * std::size_t{256} + static_cast<unsigned char>(input[1]);
    tuples.emplace_back(input.substr(2, size));
    input.remove_prefix(std::min(input.size(), size + 2));
  }
  return tuples;
}

void load(sqlite3* db, const store::BulkTable& table, const std::vector<base::Bytes>& tuples) {
  std::size_t next = 0;
  const auto written = store::sqlite::write_all(db, table, [&](base::Bytes& tuple) -> base::Result<bool> {
    if (next == tuples.size()) return false;
    tuple = tuples[next++];
    return true;
  });
  if (!written) return;
  std::vector<base::Bytes> read;
  const auto came = store::sqlite::read_all(db, table, [&](base::BytesView tuple) -> base::Result<void> {
    read.emplace_back(tuple);
    return {};
  });
  if (!came || read.size() != tuples.size()) __builtin_trap();
  std::vector<base::Bytes> given = tuples;
  std::sort(given.begin(), given.end());
  std::sort(read.begin(), read.end());
  if (given != read) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static sqlite3* const db = open_database();
  static const std::vector<store::BulkTable> tables = store::sqlite::list_bulk_tables(db).value();
  const base::BytesView input(reinterpret_cast<const char*>(data), size);
  const auto whole = store::size_of_tuple(input);
  if (whole && *whole > input.size()) __builtin_trap();
  const std::vector<base::Bytes> tuples = cut(input);
  for (const store::BulkTable& table : tables) {
    sqlite3_exec(db, "BEGIN", nullptr, nullptr, nullptr);
    load(db, table, tuples);
    sqlite3_exec(db, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  return 0;
}
