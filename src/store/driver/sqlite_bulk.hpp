// The face BulkConnection for a handle of SQLite.
#pragma once

#include <string>
#include <vector>

#include "store/driver/bulk.hpp"

struct sqlite3;

namespace store::sqlite {

base::Result<std::vector<BulkTable>> list_bulk_tables(sqlite3* db);
base::Result<void> read_all(sqlite3* db, const BulkTable& table, const TakeRow& take);
base::Result<void> write_all(sqlite3* db, const BulkTable& table, const GiveRow& give);
base::Result<int> copy_pages(sqlite3* from, const std::string& folder);

}  // namespace store::sqlite
