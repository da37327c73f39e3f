// COPY of PostgreSQL in its binary form, row by row (postgresql.org/docs/current/sql-copy.html, "Binary Format"). The
// connection is in no pipeline meanwhile.
#pragma once

#include <libpq-fe.h>

#include "store/driver/bulk.hpp"

namespace store::postgres {

struct CopyEnd {
  base::Result<void> stopped;  // an error of the caller's function, or of what the server sent
  PGresult* answer = nullptr;  // of the server; owned by whoever gets it
  bool is_open = false;        // the copy was left before its end, and `answer` is nullptr
};
CopyEnd copy_out(PGconn* connection, const BulkTable& table, const TakeRow& take);
CopyEnd copy_in(PGconn* connection, const BulkTable& table, const GiveRow& give);

}  // namespace store::postgres
