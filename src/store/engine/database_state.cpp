#include "store/engine/database_state.hpp"

#include "store/driver/sql.hpp"
#include "store/engine/copies.hpp"

namespace store {
namespace {

base::Result<DatabaseState> look_at_file(Tx& tx, std::int64_t most_octets) {
  DatabaseState state;
  ASSIGN_OR_RETURN(const auto pages, tx.find_one("PRAGMA page_count", {}, read_integer));
  ASSIGN_OR_RETURN(const auto octets, tx.find_one("PRAGMA page_size", {}, read_integer));
  state.is_examined = pages.value_or(0) * octets.value_or(0) <= most_octets;
  if (!state.is_examined) return state;
  ASSIGN_OR_RETURN(const auto answer, tx.find_one("PRAGMA quick_check(1)", {}, read_text));
  if (answer.value_or("") != "ok") state.damage = answer.value_or("no answer");
  return state;
}

base::Result<DatabaseState> ask_server(Tx& tx) {
  DatabaseState state;
  // The settings of new connections, because a connection may have others for itself.
  ASSIGN_OR_RETURN(state.unsafe_settings,
                   tx.find_all("SELECT name FROM pg_catalog.pg_settings WHERE name IN ('fsync', 'full_page_writes') "
                               "AND reset_val = 'off' ORDER BY name",
                               {}, read_text));
  ASSIGN_OR_RETURN(const auto checksums,
                   tx.find_one("SELECT count(*) FROM pg_catalog.pg_settings WHERE name = 'data_checksums' "
                               "AND setting = 'on'",
                               {}, read_integer));
  state.has_checksums = checksums.value_or(0) > 0;
  ASSIGN_OR_RETURN(state.invalid_indexes,
                   tx.find_all("SELECT c.relname FROM pg_catalog.pg_index i "
                               "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
                               "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                               "WHERE n.nspname = current_schema() AND NOT i.indisvalid ORDER BY c.relname LIMIT 20",
                               {}, read_text));
  return state;
}

}  // namespace

base::Result<DatabaseState> look_at_database(Tx& tx, std::int64_t most_octets) {
  return file_of(tx).empty() ? ask_server(tx) : look_at_file(tx, most_octets);
}

}  // namespace store
