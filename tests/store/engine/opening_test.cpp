#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "store/engines.hpp"
#include "store/sample.hpp"
#include "store/schema/steps.hpp"

namespace {

base::Error refusal_of(store::Options options, crypto::MasterKey key = engines::master_key()) {
  auto opened = store::Store::open(std::move(options), std::move(key));
  REQUIRE_FALSE(opened);
  return opened.error();
}

}  // namespace

TEST_CASE_TEMPLATE("what was written is there after a restart", E, ON_BOTH_ENGINES) {
  const typename E::Place place;
  base::Id tenant;
  {
    const auto db = engines::open_or_fail({.url = place.url()});
    CHECK(db->is_ready());
    REQUIRE(sample::add_account(*db, "anna"));
    tenant = db->read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value().id;
  }
  const auto db = engines::open_or_fail({.url = place.url()});
  CHECK(db->read([&](store::Tx& tx) { return store::find_account_by_login(tx, "anna", sample::noon); }).value());
  const auto found = db->read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value();
  CHECK(found.id == tenant);
  CHECK(found.name == "Chancery");
}

TEST_CASE_TEMPLATE("a wrong master key is told at start", E, ON_BOTH_ENGINES) {
  const typename E::Place place;
  { const auto db = engines::open_or_fail({.url = place.url()}); }
  const auto refusal = refusal_of({.url = place.url()}, crypto::MasterKey::make());
  CHECK(refusal.code == base::Code::invalid_input);
  CHECK(refusal.reason == "the master key is not the one of this database");
  CHECK(engines::open_or_fail({.url = place.url()})->is_ready());
}

TEST_CASE_TEMPLATE("a database of a newer program is refused", E, ON_BOTH_ENGINES) {
  const typename E::Place place;
  { const auto db = engines::open_or_fail({.url = place.url()}); }
  // A newer step that older programs can live with.
  place.execute("INSERT INTO schema_migration(step, applied_at, program, oldest_compatible) VALUES (900, 0, 900, 1)");
  { const auto db = engines::open_or_fail({.url = place.url()}); }
  place.execute("INSERT INTO schema_migration(step, applied_at, program, oldest_compatible) VALUES (901, 0, 901, 901)");
  const auto refusal = refusal_of({.url = place.url()});
  CHECK(refusal.code == base::Code::conflict);
  CHECK(refusal.reason == "the database needs a program of schema 901 or newer; this program has schema " +
                              std::to_string(store::all_steps().back().number));
}

TEST_CASE_TEMPLATE("a database of another program is left alone", E, ON_BOTH_ENGINES) {
  const typename E::Place place;
  place.execute("CREATE TABLE invoice(id bigint PRIMARY KEY)");
  const auto refusal = refusal_of({.url = place.url()});
  CHECK(refusal.code == base::Code::invalid_input);
  CHECK(refusal.reason.find("another program") != std::string::npos);
}

TEST_CASE_TEMPLATE("an empty database is not furnished by who may not change it", E, ON_BOTH_ENGINES) {
  const typename E::Place place;
  CHECK(refusal_of({.url = place.url(), .migrate = false}).code == base::Code::conflict);
}

TEST_CASE_TEMPLATE("beside a running server the database can be read, and only read", E, ON_BOTH_ENGINES) {
  const typename E::Place place;
  const auto server = engines::open_or_fail({.url = place.url()});
  const auto beside = engines::open_or_fail({.url = place.url(), .read_only = true});
  CHECK(server->write([](store::Tx& tx) { return store::set_mark(tx, "x", "1"); }));
  CHECK(beside->read([](store::Tx& tx) { return store::find_mark(tx, "x"); }).value() == "1");
  const auto refused = beside->write([](store::Tx& tx) { return store::set_mark(tx, "x", "2"); });
  CHECK(refused.error().code == base::Code::unavailable);
}

TEST_CASE("a second process does not get the same SQLite file, and learns why") {
  const engines::Sqlite::Place place;
  {
    const auto first = engines::open_or_fail({.url = place.url()});
    const auto refusal = refusal_of({.url = place.url()});
    CHECK(refusal.code == base::Code::unavailable);
    CHECK(refusal.reason.find("another process (" + std::to_string(::getpid()) + ") holds the database") == 0);
  }
  CHECK(engines::open_or_fail({.url = place.url()})->is_ready());
}

TEST_CASE("a link in the place of the lock empties no other file") {
  const engines::Folder folder;
  std::ofstream(folder.file("other")) << "of somebody else";
  std::filesystem::create_symlink(folder.file("other"), folder.file("db.lock"));
  CHECK(refusal_of({.url = "sqlite:" + folder.file("db")}).code == base::Code::unavailable);
  CHECK(std::filesystem::file_size(folder.file("other")) == 16);
}

TEST_CASE("a lock that a command of root has made belongs to whom the database belongs") {
  const engines::Sqlite::Place place;
  CHECK(engines::open_or_fail({.url = place.url()})->is_ready());
  constexpr uid_t nobody = 65534;
  if (::chown(place.file().c_str(), nobody, nobody) != 0) return;  // this test does not run as root
  std::filesystem::remove(place.file() + ".lock");
  CHECK(engines::open_or_fail({.url = place.url()})->is_ready());
  struct stat status {};
  REQUIRE(::stat((place.file() + ".lock").c_str(), &status) == 0);
  CHECK(status.st_uid == nobody);
}

TEST_CASE("a file that is no database, and a folder that is not there, are refused") {
  const engines::Folder folder;
  std::ofstream(folder.file("notes.txt")) << std::string(5000, 'x');
  CHECK(refusal_of({.url = "sqlite:" + folder.file("notes.txt")}).code == base::Code::invalid_input);
  CHECK(refusal_of({.url = "sqlite:" + folder.file("nowhere/db")}).code == base::Code::unavailable);
  CHECK(refusal_of({.url = "sqlite:"}).code == base::Code::invalid_input);
  CHECK(refusal_of({.url = "mysql://localhost/db"}).code == base::Code::invalid_input);
  CHECK(refusal_of({.url = "host=" + folder.file("") + " dbname=x"}).code == base::Code::unavailable);
}

TEST_CASE("nobody but the server's user can read the SQLite file") {
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    CHECK((std::filesystem::status(place.file() + suffix).permissions() & std::filesystem::perms::all) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  }
}

TEST_CASE("two nodes that start at once on an empty PostgreSQL furnish it once") {
  const engines::Postgresql::Place place;
  std::vector<std::thread> nodes;
  std::atomic<int> opened{0};
  for (int i = 0; i < 4; ++i) {
    nodes.emplace_back([&] {
      if (store::Store::open({.url = place.url()}, engines::master_key())) ++opened;
    });
  }
  for (std::thread& node : nodes) node.join();
  CHECK(opened == 4);
  CHECK(postgres::ask(place.url(), "SELECT count(*) FROM tenant") == "1");
  CHECK(postgres::ask(place.url(), "SELECT count(*) FROM schema_migration") ==
        std::to_string(store::all_steps().size()));
}
