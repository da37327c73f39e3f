// Copies of a whole database: its pages (SQLite), and the rows of all its tables, which another database takes,
// whichever of the two engines it has (docs/decisions/0095, 0096).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/driver/bulk.hpp"
#include "store/engine/store.hpp"

namespace store {

/// The newest step of the schema of this program, and that of the database.
std::int64_t newest_step();
base::Result<std::int64_t> find_step(Tx& tx);
/// The file of an embedded database; "" = a server has it.
std::string file_of(Tx& tx);

/// The pages that the transaction sees, in a new file of `folder` that has no name; gives its descriptor, which the
/// caller closes. Errors: invalid_input (PostgreSQL), unavailable (disk full).
base::Result<int> copy_pages(Tx& tx, const std::string& folder);
/// Opens a copy that nobody changes, removes its name if `is_passing`, lets SQLite judge its pages and its references,
/// and runs `body` on it. Errors: those of `body`, invalid_input (no whole database of ours, of another master key, of
/// a newer program), unavailable.
base::Result<void> read_copy(const std::string& path, bool is_passing, const crypto::MasterKey& master,
                             const std::function<base::Result<void>(Tx&)>& body);

/// Every table with how it is dumped, those that others refer to first.
struct DumpRule {
  std::string_view table;
  bool has_rows = true;  // false: every database has its own
};
std::span<const DumpRule> dump_rules();
/// The tables whose rows are dumped, in the order of the rules. Errors: internal (a table without a rule, a rule
/// without a table), unavailable.
base::Result<std::vector<BulkTable>> list_dumped_tables(Tx& tx);
/// Every row of a table. Nothing limits the time of the transaction from here on. Errors: those of `take`, internal,
/// unavailable.
base::Result<void> read_table(Tx& tx, const BulkTable& table, const TakeRow& take);

/// For a database that nobody has used yet: removes what its first opening wrote. Errors: conflict (it was used).
base::Result<void> begin_load(Tx& tx);
/// Writes rows until `give` has no more. Errors: those of `give`, invalid_input, already_exists, unavailable, internal.
base::Result<void> write_table(Tx& tx, const BulkTable& table, const GiveRow& give);
/// All rows are there: the log goes on behind the head that came with them. Errors: invalid_input (they were sealed
/// under another master key).
base::Result<void> end_load(Tx& tx);

}  // namespace store
