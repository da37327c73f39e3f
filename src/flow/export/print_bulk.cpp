#include "flow/export/print_bulk.hpp"

#include "flow/audit/csv_field.hpp"

namespace flow {

std::string print_bulk(const BulkProgress& progress) {
  std::string file = std::string(csv_begin) + "account_id,login,name,outcome\r\n";
  for (const BulkRow& row : progress.rows) {
    file += csv_field(row.account_id.to_string()) + "," + csv_field(row.login) + "," + csv_field(row.name) + "," +
            csv_field(row.outcome.empty() ? "waits" : row.outcome) + "\r\n";
  }
  return file;
}

}  // namespace flow
