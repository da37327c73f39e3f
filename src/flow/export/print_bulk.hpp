// The outcomes of a run on many accounts as a CSV file that no spreadsheet takes for formulas.
#pragma once

#include <string>

#include "flow/admin/bulk_act.hpp"

namespace flow {

/// account_id, login, name, outcome: a code of bulk_outcome, "waits" for one that waits.
std::string print_bulk(const BulkProgress& progress);

}  // namespace flow
