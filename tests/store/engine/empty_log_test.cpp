// SQLite overwrites in its file what is erased, but its log keeps the pages as they were before (S4.17).
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "store/engines.hpp"
#include "store/sample.hpp"
#include "store/schema/marks.hpp"

namespace {

constexpr const char* erased = "Brzeczyszczykiewicz-02070803628";

bool has_in_a_file(const engines::Sqlite::Place& place, const std::string& text) {
  for (const char* const end : {"", "-wal", "-shm"}) {
    std::ifstream file(place.file() + end, std::ios::binary);
    std::ostringstream octets;
    octets << file.rdbuf();
    if (octets.str().find(text) != std::string::npos) return true;
  }
  return false;
}

void set(store::Store& db, const std::string& value) {
  REQUIRE(db.write([&](store::Tx& tx) { return store::set_mark(tx, "of a test", value); }));
}
std::string get(store::Store& db) {
  return db.read([](store::Tx& tx) { return store::find_mark(tx, "of a test"); }).value().value_or("");
}

}  // namespace

TEST_CASE("what was erased is in no file of the database any more once its log was emptied") {
  const engines::Sqlite::Place place;
  auto db = engines::open_or_fail({.url = place.url()});
  set(*db, erased);
  set(*db, "nobody");
  CHECK(has_in_a_file(place, erased));
  CHECK(db->empty_log().value());
  CHECK_FALSE(has_in_a_file(place, erased));
  CHECK(get(*db) == "nobody");
  set(*db, "somebody");
  db.reset();
  CHECK(get(*engines::open_or_fail({.url = place.url()})) == "somebody");
}

TEST_CASE("whoever reads the log keeps it from being emptied, and delays the writers no longer than a moment") {
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  set(*db, erased);
  REQUIRE(db->read([&](store::Tx& tx) -> base::Result<void> {
    CHECK(store::find_mark(tx, "of a test").value() == erased);
    set(*db, "nobody");
    CHECK_FALSE(db->empty_log().value());
    set(*db, "somebody");
    CHECK(store::find_mark(tx, "of a test").value() == erased);
    return {};
  }));
  CHECK(db->empty_log().value());
  CHECK_FALSE(has_in_a_file(place, erased));
  CHECK(get(*db) == "somebody");
}

TEST_CASE_TEMPLATE("emptying the log commits what has begun, and loses nothing", E, ON_BOTH_ENGINES) {
  const typename E::Place place;
  auto db = engines::open_or_fail({.url = place.url()});
  {
    store::Store::Deferral deferral(*db);
    set(*db, "deferred");
    CHECK(db->empty_log().value());
    const auto pending = deferral.take();
    if (pending) CHECK(pending->finish());
  }
  db.reset();
  CHECK(get(*engines::open_or_fail({.url = place.url()})) == "deferred");
}
