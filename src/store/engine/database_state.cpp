#include "store/engine/database_state.hpp"

#include <algorithm>
#include <map>

#include "store/driver/sql.hpp"
#include "store/engine/copies.hpp"
#include "store/schema/steps.hpp"

namespace store {
namespace {

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of(" \n\t");
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const std::size_t size = std::min(text.find_first_of(" \n\t"), text.size());
    words.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return words;
}

std::string without_comments(std::string_view sql) {
  std::string kept;
  while (!sql.empty()) {
    const std::size_t end = std::min(sql.find('\n'), sql.size() - 1) + 1;
    const std::string_view line = sql.substr(0, end);
    kept.append(line.substr(0, line.find("--"))).append(1, '\n');
    sql.remove_prefix(end);
  }
  return kept;
}

/// What all steps together leave: name and statement of each index that a statement of its own has made.
std::map<std::string, std::string, std::less<>> list_indexes() {
  std::map<std::string, std::string, std::less<>> indexes;
  for (const Step& step : all_steps()) {
    const std::string sql = without_comments(step.sql);
    for (std::string_view rest = sql; !rest.empty();) {
      const std::size_t end = std::min(rest.find(';'), rest.size() - 1);
      const auto words = words_of(rest.substr(0, end));
      rest.remove_prefix(end + 1);
      const std::size_t at = words.size() > 2 && words[1] == "UNIQUE" ? 2 : 1;
      if (words.size() < at + 2 || words[at] != "INDEX") continue;
      const std::string name(words[at + 1]);
      if (words[0] == "DROP") indexes.erase(name);
      if (words[0] != "CREATE") continue;
      std::string& statement = indexes[name];
      statement.clear();
      for (const std::string_view word : words) statement.append(statement.empty() ? "" : " ").append(word);
    }
  }
  return indexes;
}

base::Result<std::vector<MissingIndex>> find_missing_indexes(Tx& tx, bool is_file) {
  ASSIGN_OR_RETURN(const auto there,
                   is_file
                       ? tx.find_all("SELECT name FROM sqlite_master WHERE type = 'index'", {}, read_text)
                       : tx.find_all("SELECT indexname FROM pg_catalog.pg_indexes WHERE schemaname = current_schema()",
                                     {}, read_text));
  std::vector<MissingIndex> missing;
  for (auto& [name, statement] : list_indexes()) {
    if (std::find(there.begin(), there.end(), name) == there.end()) missing.push_back({name, statement + ";"});
  }
  return missing;
}

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

base::Result<std::int64_t> count_waiting_commits(Tx& tx) {
  if (!file_of(tx).empty()) return 0;
  ASSIGN_OR_RETURN(const auto count,
                   tx.find_one("SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = current_database() "
                               "AND wait_event = 'SyncRep' AND query_start < now() - interval '5 seconds'",
                               {}, read_integer));
  return count.value_or(0);
}

base::Result<DatabaseState> look_at_database(Tx& tx, std::int64_t most_octets) {
  const bool is_file = !file_of(tx).empty();
  ASSIGN_OR_RETURN(DatabaseState state, is_file ? look_at_file(tx, most_octets) : ask_server(tx));
  // SQLite gives nothing that can be relied on of a damaged file. What a newer program has dropped is not known here.
  ASSIGN_OR_RETURN(const std::int64_t step, state.damage.empty() ? find_step(tx) : base::Result<std::int64_t>(0));
  if (state.damage.empty() && step <= newest_step()) {
    ASSIGN_OR_RETURN(state.missing_indexes, find_missing_indexes(tx, is_file));
  }
  return state;
}

}  // namespace store
