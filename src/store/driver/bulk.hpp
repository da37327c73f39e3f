// Whole databases: the pages of one as a snapshot sees them, and the rows of every table out of one and into another.
// Both kinds of connections have this face besides Connection; the texts of its statements are made of the names that
// the database itself gives, so that no column can be forgotten.
//
// A row is a tuple as PostgreSQL's COPY … (FORMAT binary) writes it, without the head and the end of the file: 16 bits
// with the number of fields; for each of them 32 bits with its length (-1 = null) and its octets. Numbers are
// big-endian, a bigint has 8 octets, text is UTF-8.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "store/driver/param.hpp"

namespace store {

struct BulkColumn {
  std::string name;
  Param::Type type = Param::Type::integer;
  friend bool operator==(const BulkColumn&, const BulkColumn&) = default;
};
struct BulkTable {
  std::string name;
  std::vector<BulkColumn> columns;
  friend bool operator==(const BulkTable&, const BulkTable&) = default;
};
/// Gets one row after another.
using TakeRow = std::function<base::Result<void>(base::BytesView tuple)>;
/// Sets the next row; false: there is none.
using GiveRow = std::function<base::Result<bool>(base::Bytes& tuple)>;

class BulkConnection {
 public:
  BulkConnection() = default;
  BulkConnection(const BulkConnection&) = delete;
  BulkConnection& operator=(const BulkConnection&) = delete;
  virtual ~BulkConnection() = default;
  /// The tables of the database with their columns, by name.
  virtual base::Result<std::vector<BulkTable>> list_bulk_tables() = 0;
  /// Every row, inside a transaction, with the memory of one. Errors: those of `take`, internal (a value that is not of
  /// its column's type), unavailable.
  virtual base::Result<void> read_all(const BulkTable& table, const TakeRow& take) = 0;
  /// Errors: those of `give`, invalid_input (no tuple of this table), already_exists, unavailable, internal.
  virtual base::Result<void> write_all(const BulkTable& table, const GiveRow& give) = 0;
  /// Inside the writing transaction: nothing limits its time, and references are judged at its end where that can be.
  virtual base::Result<void> prepare_for_bulk() = 0;
  /// The file of an embedded database; "" = a server has it.
  [[nodiscard]] virtual std::string file() const = 0;
  /// Copies the pages that the transaction sees, a few at a time, into a new file of the folder, which has no name, so
  /// that nothing is left of it when the process ends. Gives its descriptor, which the caller closes. Errors:
  /// invalid_input (a server has the database), unavailable (disk full).
  virtual base::Result<int> copy_pages(const std::string& folder) = 0;
};

/// A field of a tuple; its octets belong to the tuple.
struct TupleField {
  bool is_null = true;
  std::string_view octets;
};
/// Errors: invalid_input (not as many fields, cut off, too long).
base::Result<std::vector<TupleField>> read_tuple(base::BytesView tuple, std::size_t fields);
void begin_tuple(base::Bytes& tuple, std::size_t fields);
void append_null(base::Bytes& tuple);
void append_field(base::Bytes& tuple, std::string_view octets);
void append_number(base::Bytes& tuple, std::int64_t value);
/// `octets` has 8.
std::int64_t number_of(std::string_view octets);
/// The octets of the first tuple of `octets`. Errors: invalid_input (cut off).
base::Result<std::size_t> size_of_tuple(base::BytesView octets);

}  // namespace store
