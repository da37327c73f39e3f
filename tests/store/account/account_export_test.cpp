#include "store/account/account_export.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "places.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/account/statistics.hpp"
#include "store/engines.hpp"
#include "store/oauth/clients.hpp"
#include "store/oauth/grants.hpp"
#include "store/sample.hpp"
#include "store/session/devices.hpp"
#include "store/session/sessions.hpp"

using sample::noon;

namespace {

std::set<std::string> tables_of_schema() {
  std::set<std::string> names;
  std::ifstream file(testing::source_folder + "/src/store/schema/tables.txt");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name;
    if (!line.starts_with("#") && words >> name) names.insert(name);
  }
  return names;
}

std::set<std::string> columns_of_schema(const engines::Sqlite::Place& place, std::string_view table) {
  std::istringstream lines(
      place.ask("SELECT group_concat(name, ' ') FROM pragma_table_info('" + std::string(table) + "')"));
  std::set<std::string> names;
  for (std::string name; lines >> name;) names.insert(name);
  return names;
}

std::vector<store::StoredTable> read_all(store::Store& db, const base::Id& id) {
  auto read = db.read_report([&](store::Tx& tx) { return store::read_stored(tx, id); });
  REQUIRE_MESSAGE(read, base::describe(read.error()));
  return *std::move(read);
}
const store::StoredTable& find(const std::vector<store::StoredTable>& tables, std::string_view name) {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const auto& one) { return one.name == name; });
  REQUIRE(found != tables.end());
  return *found;
}
const store::StoredValue& find(const store::StoredRow& row, std::string_view column) {
  const auto found = std::find_if(row.begin(), row.end(), [&](const auto& one) { return one.column == column; });
  REQUIRE(found != row.end());
  return *found;
}

}  // namespace

TEST_CASE("no table of the schema is forgotten: a person gets its rows, or the list says why there are none") {
  std::map<std::string, int> listed;
  for (const store::StoredColumns& one : store::list_stored_columns()) ++listed[std::string(one.table)];
  for (const store::TableElsewhere& one : store::list_tables_elsewhere()) {
    ++listed[std::string(one.table)];
    CHECK_FALSE(one.reason.empty());
  }
  const std::set<std::string> tables = tables_of_schema();
  REQUIRE(tables.size() > 30);
  for (const std::string& table : tables) CHECK_MESSAGE(listed[table] == 1, table);
  CHECK(listed.size() == tables.size());
}

TEST_CASE("no column is forgotten, and no digest, key or sealed value is given") {
  const engines::Sqlite::Place place;
  engines::open_or_fail({.url = place.url()});
  for (const store::StoredColumns& table : store::list_stored_columns()) {
    INFO(table.table);
    std::map<std::string, int> listed;
    for (const auto* list : {&table.given, &table.withheld, &table.same}) {
      for (const std::string_view name : *list) ++listed[std::string(name)];
    }
    const std::set<std::string> columns = columns_of_schema(place, table.table);
    REQUIRE_FALSE(columns.empty());
    for (const std::string& column : columns) CHECK_MESSAGE(listed[column] == 1, column);
    CHECK(listed.size() == columns.size());
    for (const std::string_view name : table.given) {
      for (const char* secret : {"hash", "secret", "digest", "data", "sealed", "salt", "challenge", "nonce"})
        CHECK_MESSAGE(name.find(secret) == std::string_view::npos, name);
    }
  }
}

TEST_CASE_TEMPLATE("a person gets the own rows of every table and no row of anybody else", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto jan = sample::add_account(*db, "jan").value();
  for (const auto* account : {&anna, &jan}) {
    const std::string mark = account == &anna ? "anna's browser" : "jan's browser";
    REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
      RETURN_IF_ERROR(store::insert_device(
          tx, {base::Id::make(noon), account->id, std::string(32, account == &anna ? 'a' : 'j'), mark, noon, noon}));
      RETURN_IF_ERROR(store::record_login(tx, account->id, "own", true, "192.0.2.7", noon));
      return store::set_locale(tx, account->id, "pl");
    }));
  }
  const auto tables = read_all(*db, anna.id);
  CHECK(tables.size() == store::list_stored_columns().size());
  const auto& account = find(tables, "account");
  REQUIRE(account.rows.size() == 1);
  CHECK(find(account.rows[0], "id").text == anna.id.bytes());
  CHECK(find(account.rows[0], "locale").text == "pl");
  CHECK(find(account.rows[0], "locked_until").is_null);
  CHECK(base::from_ms(find(account.rows[0], "created_at").number) == anna.created_at);
  const auto& devices = find(tables, "device");
  REQUIRE(devices.rows.size() == 1);
  CHECK(find(devices.rows[0], "user_agent").text == "anna's browser");
  CHECK(devices.withheld == std::vector<std::string_view>{"secret_hash", "trusted_stamp"});
  const auto& statistics = find(tables, "login_statistics");
  CHECK(std::any_of(statistics.rows.begin(), statistics.rows.end(),
                    [](const auto& row) { return find(row, "last_success_ip").text == "192.0.2.7"; }));
  CHECK(find(tables, "session").rows.empty());
  for (const store::StoredTable& table : tables) {
    for (const store::StoredRow& row : table.rows) {
      for (const store::StoredValue& value : row) {
        CHECK(value.text.find("jan") == std::string::npos);
        CHECK(value.text.find(std::string(8, 'a')) == std::string::npos);
      }
    }
  }
}

TEST_CASE_TEMPLATE("of an account that does not exist nothing is given", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  for (const store::StoredTable& table : read_all(*db, base::Id::make(noon))) CHECK(table.rows.empty());
}
