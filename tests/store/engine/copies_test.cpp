// Every row of every table from one database into another, on both engines in both directions. A table of the schema
// for which nobody has said how it is dumped fails here.
#include "store/engine/copies.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "places.hpp"
#include "store/engines.hpp"
#include "store/sample.hpp"

namespace {

using Rows = std::map<std::string, std::vector<base::Bytes>>;

std::vector<std::string> tables_of_schema() {
  std::vector<std::string> names;
  std::ifstream file(testing::source_folder + "/src/store/schema/tables.txt");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name;
    if (!line.starts_with("#") && words >> name) names.push_back(name);
  }
  return names;
}

/// A row whose values all say which one it is: an id refers to the row of the same number in every other table.
base::Bytes row_of(const store::BulkTable& table, int number) {
  base::Bytes tuple;
  store::begin_tuple(tuple, table.columns.size());
  for (const store::BulkColumn& column : table.columns) {
    switch (column.type) {
      case store::Param::Type::integer:
        // Large and negative ones as well.
        store::append_number(tuple, number == 3 ? std::int64_t{-1} << 62 : (std::int64_t{number} << 40) + number);
        break;
      case store::Param::Type::text:
        store::append_field(tuple, "row " + std::to_string(number) + " Wiśniewski 😀 \t\\N\n");
        break;
      case store::Param::Type::blob:
        store::append_field(tuple, std::string(16, static_cast<char>(0xfc + number)));
        break;
    }
  }
  return tuple;
}

/// Gives the rows one after another.
store::GiveRow give_of(const std::vector<base::Bytes>& rows, std::size_t& next) {
  return [&rows, &next](base::Bytes& tuple) -> base::Result<bool> {
    if (next == rows.size()) return false;
    tuple = rows[next++];
    return true;
  };
}

base::Result<void> write_rows(store::Tx& tx, const Rows& rows) {
  RETURN_IF_ERROR(store::begin_load(tx));
  ASSIGN_OR_RETURN(const auto tables, store::list_dumped_tables(tx));
  for (const store::BulkTable& table : tables) {
    const auto of_table = rows.find(table.name);
    if (of_table == rows.end()) continue;
    std::size_t next = 0;
    RETURN_IF_ERROR(store::write_table(tx, table, give_of(of_table->second, next)));
  }
  return {};
}

void fill(store::Store& db, const Rows& rows) {
  const auto done = db.write([&](store::Tx& tx) { return write_rows(tx, rows); });
  REQUIRE_MESSAGE(done, base::describe(done.error()));
}

Rows read_rows(store::Store& db) {
  auto read = db.read_background([](store::Tx& tx) -> base::Result<Rows> {
    ASSIGN_OR_RETURN(const auto tables, store::list_dumped_tables(tx));
    Rows rows;
    for (const store::BulkTable& table : tables) {
      auto& of_table = rows[table.name];
      RETURN_IF_ERROR(store::read_table(tx, table, [&](base::BytesView tuple) -> base::Result<void> {
        of_table.emplace_back(tuple);
        return {};
      }));
      std::sort(of_table.begin(), of_table.end());
    }
    return rows;
  });
  REQUIRE_MESSAGE(read, base::describe(read.error()));
  return std::move(*read);
}

std::vector<store::BulkTable> tables_of(store::Store& db) {
  auto tables = db.read([](store::Tx& tx) { return store::list_dumped_tables(tx); });
  REQUIRE_MESSAGE(tables, base::describe(tables.error()));
  return std::move(*tables);
}

Rows sample_rows(store::Store& db) {
  Rows rows;
  for (const store::BulkTable& table : tables_of(db)) {
    for (int number = 1; number <= 3; ++number) rows[table.name].push_back(row_of(table, number));
    std::sort(rows[table.name].begin(), rows[table.name].end());
  }
  return rows;
}

}  // namespace

TEST_CASE("for every table of the schema somebody has said how it is dumped, and those it refers to come before it") {
  std::vector<std::string> ruled;
  for (const store::DumpRule& rule : store::dump_rules()) {
    ruled.emplace_back(rule.table);
    CHECK_MESSAGE(rule.has_rows == (rule.table != "schema_migration"), rule.table);
  }
  CHECK(ruled == tables_of_schema());
  const engines::Sqlite::Place place;
  { const auto db = engines::open_or_fail({.url = place.url()}); }
  std::set<std::string> before;
  for (const std::string& table : ruled) {
    before.insert(table);
    std::istringstream referred(
        place.ask("SELECT group_concat(\"table\", ' ') FROM pragma_foreign_key_list('" + table + "')"));
    for (std::string name; referred >> name;) CHECK_MESSAGE(before.contains(name), table << " refers to " << name);
  }
}

TEST_CASE("both engines have the same tables with the same columns in the same order") {
  CHECK(tables_of(*engines::Sqlite::open()) == tables_of(*engines::Postgresql::open()));
}

TEST_CASE("every row of every table goes from SQLite to PostgreSQL and back, and is the same") {
  const auto sqlite = engines::Sqlite::open();
  const Rows rows = sample_rows(*sqlite);
  CHECK(rows.size() == tables_of_schema().size() - 1);
  fill(*sqlite, rows);
  CHECK(read_rows(*sqlite) == rows);
  const auto postgresql = engines::Postgresql::open();
  fill(*postgresql, read_rows(*sqlite));
  CHECK(read_rows(*postgresql) == rows);
  const auto back = engines::Sqlite::open();
  fill(*back, read_rows(*postgresql));
  CHECK(read_rows(*back) == rows);
}

TEST_CASE_TEMPLATE("empty texts, empty octets and nulls stay what they are", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto tables = tables_of(*db);
  const auto tenant = std::find_if(tables.begin(), tables.end(), [](const auto& one) { return one.name == "tenant"; });
  const auto account =
      std::find_if(tables.begin(), tables.end(), [](const auto& one) { return one.name == "login_statistics"; });
  REQUIRE(tenant != tables.end());
  REQUIRE(account != tables.end());
  base::Bytes tuple;
  store::begin_tuple(tuple, tenant->columns.size());
  for (const store::BulkColumn& column : tenant->columns) {
    if (column.name == "parent_id") {
      store::append_null(tuple);
    } else if (column.type == store::Param::Type::integer) {
      store::append_number(tuple, 0);
    } else {
      store::append_field(tuple, "");
    }
  }
  const Rows rows{{"tenant", {tuple}}};
  fill(*db, rows);
  CHECK(read_rows(*db).at("tenant") == rows.at("tenant"));
}

TEST_CASE_TEMPLATE("a database that somebody has used is not filled, and keeps what it has", E, ON_BOTH_ENGINES) {
  const auto source = E::open();
  const Rows rows = sample_rows(*source);
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const Rows before = read_rows(*db);
  const auto done = db->write([&](store::Tx& tx) { return write_rows(tx, rows); });
  REQUIRE_FALSE(done);
  CHECK(done.error().code == base::Code::conflict);
  CHECK(read_rows(*db) == before);
}

TEST_CASE_TEMPLATE("a row that is no row of its table, or refers to nothing, leaves the database as it was", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const Rows good = sample_rows(*db);
  const Rows before = read_rows(*db);
  const auto refused = [&](Rows rows) {
    const auto done = db->write([&](store::Tx& tx) -> base::Result<void> { return write_rows(tx, rows); });
    CHECK_FALSE(done);
    CHECK(read_rows(*db) == before);
  };
  Rows cut = good;
  cut["account"].back().pop_back();
  refused(cut);
  Rows longer = good;
  longer["account"].back().push_back('x');
  refused(longer);
  Rows twice = good;
  twice["account"].push_back(twice["account"].back());
  refused(twice);
  Rows orphan = good;
  orphan.erase("tenant");
  refused(orphan);
  Rows no_utf8 = good;
  auto& text = no_utf8["policy"].back();
  text[text.find("row")] = '\xff';
  refused(no_utf8);
  fill(*db, good);
  CHECK(read_rows(*db) == good);
}

TEST_CASE("a copy of the pages is one moment of the database, and has no name") {
  const engines::Sqlite::Place place;
  const engines::Folder folder;
  const auto db = engines::open_or_fail({.url = place.url()});
  const auto anna = sample::add_account(*db, "anna").value();
  const auto pages = db->read_background([&](store::Tx& tx) -> base::Result<int> {
    REQUIRE(store::find_step(tx).value() == store::newest_step());  // the first look makes the snapshot
    REQUIRE(sample::add_account(*db, "jan"));                       // by the writer, while the snapshot is held
    return store::copy_pages(tx, folder.path().string());
  });
  REQUIRE_MESSAGE(pages, base::describe(pages.error()));
  CHECK(std::filesystem::is_empty(folder.path()));
  const std::string path = folder.file("read");
  {
    std::ofstream out(path, std::ios::binary);
    std::string octets(1 << 20, '\0');
    ::lseek(*pages, 0, SEEK_SET);
    for (ssize_t got = 0; (got = ::read(*pages, octets.data(), octets.size())) > 0;) out.write(octets.data(), got);
    ::close(*pages);
  }
  std::vector<std::string> logins;
  const auto read = store::read_copy(path, true, engines::master_key(), [&](store::Tx& tx) -> base::Result<void> {
    for (const char* login : {"anna", "jan"}) {
      ASSIGN_OR_RETURN(const auto found, store::find_account_by_login(tx, login, sample::noon));
      if (found) logins.emplace_back(login);
    }
    return {};
  });
  REQUIRE_MESSAGE(read, base::describe(read.error()));
  CHECK(logins == std::vector<std::string>{"anna"});
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a copy of another program, of another master key or with damaged pages is refused") {
  const engines::Sqlite::Place place;
  const engines::Folder folder;
  {
    const auto db = engines::open_or_fail({.url = place.url()});
    REQUIRE(sample::add_account(*db, "anna"));
  }
  const auto nothing = [](store::Tx&) { return base::Result<void>(); };
  CHECK(store::read_copy(place.file(), false, engines::master_key(), nothing));
  const auto other = crypto::MasterKey::parse(std::string(64, '8')).value();
  CHECK(store::read_copy(place.file(), false, other, nothing).error().code == base::Code::invalid_input);
  const std::string text = folder.file("text");
  std::ofstream(text) << "no database\n";
  CHECK_FALSE(store::read_copy(text, false, engines::master_key(), nothing));
  const std::string damaged = folder.file("damaged");
  std::filesystem::copy_file(place.file(), damaged);
  std::fstream pages(damaged, std::ios::binary | std::ios::in | std::ios::out);
  pages.seekp(8192);
  pages << std::string(4096, 'x');
  pages.close();
  CHECK_FALSE(store::read_copy(damaged, false, engines::master_key(), nothing));
  CHECK_FALSE(store::read_copy(folder.file("missing"), false, engines::master_key(), nothing));
}

TEST_CASE("the pages of PostgreSQL are no file of ours") {
  const auto db = engines::Postgresql::open();
  const auto copied = db->read_background([](store::Tx& tx) { return store::copy_pages(tx, "/nowhere"); });
  REQUIRE_FALSE(copied);
  CHECK(copied.error().code == base::Code::invalid_input);
}
