// All that is stored about one account, table by table (GDPR Art. 15 and 20). The lists in account_export.cpp have
// every table of the schema and every column of those that are given; a test compares them with the schema, so that a
// new table or column is decided on (docs/decisions/0038-what-a-person-can-download.md).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "store/engine/store.hpp"

namespace store {

enum class StoredKind : std::uint8_t {
  text,
  number,
  flag,
  time,
  id,
  octets
};

struct StoredValue {
  std::string_view column;
  StoredKind kind = StoredKind::text;
  bool is_null = false;
  std::int64_t number = 0;  // number; flag: 0 or 1; time: UTC milliseconds
  std::string text;         // text; id and octets: the octets
};
using StoredRow = std::vector<StoredValue>;

struct StoredTable {
  std::string_view name;
  std::vector<std::string_view> withheld;  // columns that exist and are not given: secrets, and ids of other people
  std::vector<StoredRow> rows;
};
/// The tables that have rows of one account, also those without a row now. The statements read no secret.
base::Result<std::vector<StoredTable>> read_stored(Tx& tx, const base::Id& account_id);

/// What the lists say, for the test that compares them with the schema.
struct StoredColumns {
  std::string_view table;
  std::vector<std::string_view> given;
  std::vector<std::string_view> withheld;
  std::vector<std::string_view> same;  // as in every row of the account, or given in another table
};
std::vector<StoredColumns> list_stored_columns();
/// A table of which read_stored gives nothing, and why.
struct TableElsewhere {
  std::string_view table;
  std::string_view reason;
};
std::span<const TableElsewhere> list_tables_elsewhere();

}  // namespace store
