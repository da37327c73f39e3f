// Growing tables are read by an index only: every statement of the house is explained on both engines.
//
// A statement may read of a growing table
//   - the rows that have a given value in a narrow column (an id, a hash): few, however large the table is;
//   - the first rows in the order of an index, as many as its LIMIT says, if each of them counts (no filter), or
//   - the rows between two ends of an index.
// Columns that a large part of the table may share (tenant_id, type, state …) are not narrow.
#include <doctest/doctest.h>
#include <libpq-fe.h>
#include <sqlite3.h>

#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "places.hpp"
#include "store/engines.hpp"
#include "store/schema/statements.hpp"

namespace {

namespace json = boost::json;
using statements::Statement;

const std::set<std::string> wide_columns{"tenant_id", "type",   "outcome",   "state",     "status",
                                         "kind",      "client", "client_id", "may_login", "purpose"};

struct Tables {
  Tables() {
    std::ifstream file(testing::source_folder + "/src/store/schema/tables.txt");
    for (std::string line; std::getline(file, line);) {
      std::istringstream words(line);
      std::string name;
      std::string topic;
      std::string grows_with;
      if (line.starts_with("#") || !(words >> name >> topic >> grows_with)) continue;
      std::string reason;
      if (grows_with == "-" && !(words >> reason)) FAIL("why does this table stay small? ", line);
      (grows_with == "-" ? small : growing).insert(name);
    }
  }
  std::set<std::string> growing;
  std::set<std::string> small;
};

const Tables& tables() {
  static const Tables all;
  return all;
}

std::vector<Statement> all_statements() {
  const statements::Collection found = statements::collect(testing::source_folder);
  for (const std::string& complaint : found.complaints) FAIL_CHECK(complaint);
  return found.statements;
}

/// Whether the text compares a narrow column with one value: "(account_id = $1)", "(account_id=? AND last_seen>?)".
bool has_narrow_equality(const std::string& condition) {
  static const std::regex equality(R"((?:\w+\.)?(\w+) ?= ?)");
  for (std::sregex_iterator at(condition.begin(), condition.end(), equality), end; at != end; ++at) {
    if (!wide_columns.contains(at->str(1))) return true;
  }
  return false;
}

/// Whether one column has a lower and an upper end: "(seq < $1) AND (seq >= $2)", "((- seq) > (- $2)) AND …".
bool has_two_ends(const std::string& condition) {
  static const std::regex end_of_range(R"((\w+)\)* ?([<>]))");
  std::map<std::string, std::set<std::string>> ends;
  for (std::sregex_iterator at(condition.begin(), condition.end(), end_of_range), end; at != end; ++at) {
    ends[at->str(1)].insert(at->str(2));
  }
  return std::any_of(ends.begin(), ends.end(), [](const auto& one) { return one.second.size() == 2; });
}

// --- PostgreSQL

class Postgresql {
 public:
  explicit Postgresql(const std::string& place) : connection_(PQconnectdb(place.c_str()), &PQfinish) {
    fill();
    // With these settings the planner uses an index wherever one fits. A generic plan does not depend on the values of
    // the parameters.
    must(
        "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; "
        "SET plan_cache_mode = force_generic_plan");
  }

  json::value plan(const Statement& statement) {
    const std::string types = types_of(statement.text);
    must("PREPARE one" + types + " AS " + statement.text, statement.text);
    std::string values;
    const int count = std::stoi(ask("SELECT cardinality(parameter_types) FROM pg_prepared_statements"));
    for (int i = 0; i < count; ++i) values += i == 0 ? "(NULL" : ", NULL";
    const std::string text = ask("EXPLAIN (FORMAT JSON) EXECUTE one" + values + (count > 0 ? ")" : ""));
    must("DEALLOCATE one");
    return json::parse(text).at(0).at("Plan");
  }

 private:
  using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

  /// The planner decides by statistics. Growing tables get a few thousand rows, the others a few. A wide column has few
  /// different values, among them the words that statements ask for; a column that may be null is so in every other
  /// row.
  void fill() {
    must("SET session_replication_role = replica");  // no foreign keys
    for (const std::string& table : tables().growing) fill(table, 3000);
    for (const std::string& table : tables().small) must("DELETE FROM " + table);
    for (const std::string& table : tables().small) fill(table, 10);
    must("SET session_replication_role = origin; ANALYZE");
  }
  void fill(const std::string& table, int rows) {
    std::string values;
    const Answer columns = must(
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_name = '" +
        table + "' ORDER BY ordinal_position");
    for (int i = 0; i < PQntuples(columns.get()); ++i) {
      const std::string name = PQgetvalue(columns.get(), i, 0);
      const std::string value = value_of(PQgetvalue(columns.get(), i, 1),
                                         wide_columns.contains(name) && table != "client" && table != "sms_day");
      const bool may_be_null = std::string_view(PQgetvalue(columns.get(), i, 2)) == "YES";
      values += (i == 0 ? "" : ", ") + (may_be_null ? "CASE WHEN i % 2 = 0 THEN " + value + " END" : value);
    }
    must("INSERT INTO " + table + " SELECT " + values + " FROM generate_series(1, " + std::to_string(rows) + ") i");
  }
  static std::string value_of(std::string_view type, bool is_wide) {
    if (type == "bigint") return is_wide ? "i % 2" : "i";
    if (type == "bytea") return "decode(lpad(to_hex(" + std::string(is_wide ? "i % 6" : "i") + "), 32, '0'), 'hex')";
    if (!is_wide) return "i::text";
    return "(ARRAY['active', 'password', 'pending', 'failed', 'own', 'login'])[i % 6 + 1]";
  }

  Answer must(const std::string& sql, const std::string& about = {}) {
    Answer answer(PQexec(connection_.get(), sql.c_str()), &PQclear);
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      FAIL(std::string(PQerrorMessage(connection_.get())), about);
    }
    return answer;
  }
  std::string ask(const std::string& sql) {
    const Answer answer = must(sql);
    return PQntuples(answer.get()) == 0 ? "" : PQgetvalue(answer.get(), 0, 0);
  }

  /// PostgreSQL finds the types of parameters by itself, with two exceptions: a parameter that INSERT only passes on
  /// has the type of its column, and one that is tested for null has the type of the column that it is compared with.
  std::string types_of(const std::string& statement) {
    std::map<int, std::string> types;
    static const std::regex insert(R"(^INSERT INTO (\w+)\(([^)]*)\) (?:SELECT (.*) FROM |VALUES \(([^)]*)\)))");
    static const std::regex parameter(R"(\$(\d+))");
    std::smatch match;
    if (std::regex_search(statement, match, insert)) {
      const std::vector<std::string> columns = split(match.str(2));
      const std::vector<std::string> values = split(match.str(3) + match.str(4));
      REQUIRE_MESSAGE(columns.size() == values.size(), statement);
      for (std::size_t i = 0; i < columns.size(); ++i) {
        for (std::sregex_iterator at(values[i].begin(), values[i].end(), parameter), end; at != end; ++at) {
          types[std::stoi(at->str(1))] = type_of(columns[i], match.str(1));
        }
      }
    }
    static const std::regex null(R"(\$(\d+) IS NULL)");
    for (std::sregex_iterator at(statement.begin(), statement.end(), null), end; at != end; ++at) {
      const std::regex comparison(R"((\w+) (?:=|<|>|<=|>=) \$)" + at->str(1) + R"(\b)");
      if (std::regex_search(statement, match, comparison)) types[std::stoi(at->str(1))] = type_of(match.str(1), "");
    }
    std::string out;
    for (int i = 1; !types.empty() && i <= types.rbegin()->first; ++i) {
      out += (i == 1 ? "(" : ", ") + (types.contains(i) ? types[i] : "unknown");
    }
    return out.empty() ? out : out + ")";
  }

  /// Without a table: columns that are compared with null have one type in all tables.
  std::string type_of(const std::string& column, const std::string& table) {
    return ask(
        "SELECT DISTINCT data_type FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND column_name = '" +
        column + "' AND '" + table + "' IN ('', table_name)");
  }

  static std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> parts;
    std::istringstream words(list);
    for (std::string part; std::getline(words, part, ',');) {
      parts.push_back(part.substr(part.find_first_not_of(' ')));
    }
    return parts;
  }

  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

std::string text_at(const json::object& node, std::string_view key) {
  const json::value* value = node.if_contains(key);
  return value == nullptr ? "" : std::string(value->as_string());
}

/// The conditions by which the rows of a node are found: of a bitmap, those of each index below it.
void collect_conditions(const json::object& node, std::vector<std::string>& out) {
  const std::string type = text_at(node, "Node Type");
  if (type != "Bitmap Heap Scan" && type != "BitmapOr" && type != "BitmapAnd") {
    out.push_back(text_at(node, "Index Cond"));
    return;
  }
  for (const json::value& below : node.at("Plans").as_array()) collect_conditions(below.as_object(), out);
}

struct Reading {
  std::string table;
  std::string node;
  std::vector<std::string> conditions;
  bool has_filter = false;
  bool is_limited = false;  // by a LIMIT that nothing between needs all rows for
};

void collect_readings(const json::object& node, bool is_limited, std::vector<Reading>& out) {
  const std::string type = text_at(node, "Node Type");
  const std::string table = text_at(node, "Relation Name");
  if (!table.empty() && type != "ModifyTable") {
    Reading reading{table, type, {}, node.contains("Filter"), is_limited};
    collect_conditions(node, reading.conditions);
    out.push_back(std::move(reading));
  }
  const bool limited_below = type == "Limit" || (is_limited && type != "Sort" && type != "Aggregate");
  if (const json::value* plans = node.if_contains("Plans")) {
    for (const json::value& below : plans->as_array()) collect_readings(below.as_object(), limited_below, out);
  }
}

std::string judge(const Reading& reading) {
  for (const std::string& condition : reading.conditions) {
    if (reading.node == "Seq Scan") return "scanned in full";
    if (has_narrow_equality(condition) || has_two_ends(condition)) continue;
    if (!reading.is_limited) return "no end to the rows of: " + condition;
    if (reading.has_filter) return "reads on until the filter lets enough rows through: " + condition;
  }
  return "";
}

// --- SQLite

class Sqlite {
 public:
  explicit Sqlite(const std::string& file) { REQUIRE(sqlite3_open(file.c_str(), &db_) == SQLITE_OK); }
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;
  ~Sqlite() { sqlite3_close(db_); }

  struct Line {
    int parent = 0;  // the same for all lines of one SELECT
    std::string text;
  };

  std::vector<Line> plan(const Statement& statement) {
    std::vector<Line> lines;
    sqlite3_stmt* prepared = nullptr;
    const std::string sql = "EXPLAIN QUERY PLAN " + statement.text;
    if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK) {
      FAIL(std::string(sqlite3_errmsg(db_)), ": ", statement.text);
    }
    while (sqlite3_step(prepared) == SQLITE_ROW) {
      const unsigned char* text = sqlite3_column_text(prepared, 3);
      lines.push_back({sqlite3_column_int(prepared, 1), std::string(text, text + sqlite3_column_bytes(prepared, 3))});
    }
    sqlite3_finalize(prepared);
    return lines;
  }

 private:
  sqlite3* db_ = nullptr;
};

/// The tables of a statement, by their aliases in it.
std::map<std::string, std::string> names_in(const std::string& statement) {
  static const std::regex named(
      R"((?:FROM|JOIN|UPDATE|INTO) (\w+)(?: (?!ON|SET|WHERE|JOIN|LEFT|ORDER|LIMIT|SELECT|VALUES)(\w+))?)");
  std::map<std::string, std::string> names;
  for (std::sregex_iterator at(statement.begin(), statement.end(), named), end; at != end; ++at) {
    names[at->str(2).empty() ? at->str(1) : at->str(2)] = at->str(1);
    names.emplace(at->str(1), at->str(1));
  }
  return names;
}

std::string judge(const Sqlite::Line& line, const std::vector<Sqlite::Line>& all, const std::string& statement) {
  static const std::regex reading(R"(^(SCAN|SEARCH) (\w+)(.*)$)");
  std::smatch match;
  if (!std::regex_match(line.text, match, reading)) return "";
  const auto names = names_in(statement);
  const auto table = names.find(match.str(2));
  if (table == names.end() || !tables().growing.contains(table->second)) return "";
  const std::string how = match.str(3);
  if (match.str(1) == "SEARCH" && (has_narrow_equality(how) || has_two_ends(how))) return "";
  const bool sorts = std::any_of(all.begin(), all.end(), [&](const Sqlite::Line& other) {
    return other.parent == line.parent && other.text.find("FOR ORDER BY") != std::string::npos;
  });
  const bool is_limited = statement.find(" LIMIT ") != std::string::npos && !sorts;
  // SQLite does not say what it filters: that is judged on PostgreSQL.
  const bool has_filter = match.str(1) == "SCAN" && statement.find(" WHERE ") != std::string::npos;
  return is_limited && !has_filter ? "" : line.text;
}

}  // namespace

TEST_CASE("every statement of the house is collected, and those of other rooms are none") {
  const auto found = all_statements();
  CHECK(found.size() > 150);
  for (const Statement& statement : found) {
    CHECK_MESSAGE(statement.file.starts_with("src/store/"), statement.file << " has SQL: " << statement.text);
  }
}

TEST_CASE("every table is named in tables.txt, and nothing else") {
  const engines::Sqlite::Place place;
  { const auto db = engines::open_or_fail({.url = place.url()}); }
  std::string listed;
  std::set<std::string> all = tables().growing;
  all.insert(tables().small.begin(), tables().small.end());
  for (const std::string& name : all) listed += (listed.empty() ? "" : ",") + name;
  CHECK(listed == place.ask("SELECT group_concat(name) FROM (SELECT name FROM sqlite_master WHERE type = 'table' "
                            "ORDER BY name)"));
}

TEST_CASE("on PostgreSQL growing tables are read by an index only, and no more of them than was asked for") {
  const engines::Postgresql::Place place;
  { const auto db = engines::open_or_fail({.url = place.url()}); }
  Postgresql database(place.url());
  for (const Statement& statement : all_statements()) {
    if (statement.text.find("sqlite_master") != std::string::npos) continue;
    std::vector<Reading> readings;
    collect_readings(database.plan(statement).as_object(), false, readings);
    for (const Reading& reading : readings) {
      if (!tables().growing.contains(reading.table)) continue;
      const std::string breach = judge(reading);
      CHECK_MESSAGE(breach.empty(),
                    statement.file << ": " << reading.table << ": " << breach << " in " << statement.text);
    }
  }
}

TEST_CASE("on SQLite growing tables are read by an index only") {
  const engines::Sqlite::Place place;
  { const auto db = engines::open_or_fail({.url = place.url()}); }
  Sqlite database(place.file());
  for (const Statement& statement : all_statements()) {
    if (statement.text.find("pg_") != std::string::npos) continue;
    const auto plan = database.plan(statement);
    for (const Sqlite::Line& line : plan) {
      const std::string breach = judge(line, plan, statement.text);
      CHECK_MESSAGE(breach.empty(), statement.file << ": " << breach << " in " << statement.text);
    }
  }
}

TEST_CASE(
    "a row that is deleted or gets another id is looked for by an index in every growing table that refers to it") {
  const engines::Sqlite::Place place;
  { const auto db = engines::open_or_fail({.url = place.url()}); }
  std::set<std::string> changed;
  static const std::regex change(R"(^DELETE FROM (\w+)|^UPDATE (\w+) SET id = )");
  for (const Statement& statement : all_statements()) {
    std::smatch match;
    if (std::regex_search(statement.text, match, change)) changed.insert(match.str(1) + match.str(2));
  }
  CHECK(changed.contains("session"));
  CHECK(changed.contains("person"));
  // The first column of each index, of the primary key too, for each column that refers to a table.
  const std::string unindexed = place.ask(
      "SELECT group_concat(f.[table] || ' ' || t.name || '.' || f.[from], char(10)) "
      "FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' AND NOT EXISTS "
      "(SELECT 1 FROM pragma_index_list(t.name) i, pragma_index_info(i.name) c WHERE c.seqno = 0 AND c.name = "
      "f.[from])");
  std::istringstream lines(unindexed);
  std::string parent;
  for (std::string child; lines >> parent >> child;) {
    const bool matters = changed.contains(parent) && tables().growing.contains(child.substr(0, child.find('.')));
    CHECK_MESSAGE(!matters, child << " refers to " << parent << " and has no index");
  }
}

TEST_CASE("the judges of plans know what is bounded") {
  CHECK(has_narrow_equality("(account_id = $1)"));
  CHECK(has_narrow_equality(" USING INDEX device_of_account (account_id=? AND last_seen>?)"));
  CHECK_FALSE(has_narrow_equality("(tenant_id = $1) AND (seq < $2)"));
  CHECK_FALSE(has_narrow_equality("(ends_at <= $1)"));
  CHECK(has_two_ends("((type = $1) AND (seq >= $7) AND (seq < $8))"));
  CHECK(has_two_ends("((type = $1) AND ((- seq) <= (- $7)) AND ((- seq) > (- $8)))"));
  CHECK_FALSE(has_two_ends("((ROW(type, seq) < ROW($1, $2)) AND (type >= $1))"));
  CHECK_FALSE(has_two_ends("((seq < $7) AND (at >= $8))"));
  const auto reading = [](const char* condition, bool has_filter, bool is_limited) {
    return Reading{"audit_event", "Index Scan", {condition}, has_filter, is_limited};
  };
  CHECK(judge(reading("(seq < $1)", false, true)).empty());
  CHECK_FALSE(judge(reading("(seq < $1)", true, true)).empty());
  CHECK_FALSE(judge(reading("(seq < $1)", false, false)).empty());
  CHECK(judge(reading("(subject = $1)", true, false)).empty());
  CHECK_FALSE(judge(Reading{"audit_event", "Seq Scan", {""}, false, true}).empty());
}

TEST_CASE("statements are collected from literals and joined parts, and what cannot be collected is named") {
  statements::Collection found;
  statements::Reader("a.cpp", R"cpp(
                       // tx.run("SELECT in a comment", {})
                       constexpr SqlPart columns =
                           "a, "
                           "b";
                       tx.find_one(sql<"SELECT ", columns, " FROM t">, {}, read);
                       tx.run(
                           "DELETE "
                           "FROM t WHERE a = '\\'",
                           {});
                       tx.query(sql, params, visitor);
                       const int million = 1'000'000;
                       log("SELECTED");
                       tx.run(text_of(x), {});
                       tx.run(sql<"SELECT ", others>, {});
                     )cpp",
                     found)
      .read();
  REQUIRE(found.statements.size() == 3);
  CHECK(found.statements[0].text == "SELECT a, b FROM t");
  CHECK(found.statements[1].text == "DELETE FROM t WHERE a = '\\'");
  REQUIRE(found.complaints.size() == 2);
  CHECK(found.complaints[0] == "a.cpp: a statement that cannot be collected: tx.run(text_of …");
  CHECK(found.complaints[1] == "a.cpp: joins a part that this file does not define: others");
}
