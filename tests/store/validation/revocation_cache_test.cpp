#include "store/validation/revocation_cache.hpp"

#include <doctest/doctest.h>

#include "store/engines.hpp"
#include "store/sample.hpp"
#include "store/validation/validation_reports.hpp"

using sample::noon;
using namespace std::chrono_literals;

namespace {

store::CachedRevocation row_of(const std::string& lookup, const std::string& answer, base::Time used_at = noon) {
  return {lookup, "crl", answer, noon, noon + 1h, used_at};
}

void put(store::Store& db, const store::CachedRevocation& row, const store::CacheBounds& bounds = {}) {
  REQUIRE(db.write([&](store::Tx& tx) { return store::put_cached_revocation(tx, row, bounds); }));
}

std::optional<store::CachedRevocation> find(store::Store& db, const std::string& lookup) {
  return db.read([&](store::Tx& tx) { return store::find_cached_revocation(tx, "crl", lookup); }).value();
}

}  // namespace

TEST_CASE_TEMPLATE("a failed attempt keeps the answer that is known, and a new answer replaces it", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  put(*db, row_of("a", std::string("\x30\x00", 2)));
  auto failed = row_of("a", "");
  failed.due_at = noon + 5min;
  put(*db, failed);
  REQUIRE(find(*db, "a"));
  CHECK(find(*db, "a")->answer == std::string("\x30\x00", 2));
  CHECK(find(*db, "a")->due_at == noon + 5min);
  put(*db, row_of("a", "new"));
  CHECK(find(*db, "a")->answer == "new");
  CHECK_FALSE(find(*db, "b"));
}

TEST_CASE_TEMPLATE("the cache is bounded in rows and octets: what was not used longest goes", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const store::CacheBounds three{3, 1000};
  for (int i = 0; i < 5; ++i) put(*db, row_of(std::to_string(i), "x", noon + i * 1min), three);
  CHECK_FALSE(find(*db, "0"));
  CHECK_FALSE(find(*db, "1"));
  CHECK(find(*db, "4"));
  put(*db, row_of("large", std::string(999, 'x'), noon), three);
  CHECK(find(*db, "large"));
  CHECK_FALSE(find(*db, "2"));
  // One that is larger than all is kept alone.
  put(*db, row_of("huge", std::string(2000, 'x'), noon), three);
  CHECK(find(*db, "huge"));
  CHECK_FALSE(find(*db, "4"));
  REQUIRE(db->write([](store::Tx& tx) { return store::delete_unused_revocations(tx, noon + 1h); }));
  CHECK_FALSE(find(*db, "huge"));
}

TEST_CASE_TEMPLATE("a report is sealed, and ends", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  store::KeptReport kept;
  kept.id = base::Id::make(noon);
  kept.secret_hash = "hash";
  kept.report = R"({"name":"Anna"})";
  kept.created_at = noon;
  kept.expires_at = noon + 1h;
  REQUIRE(db->write([&](store::Tx& tx) { return store::insert_validation_report(tx, kept, 2); }));
  const auto find_report = [&](const base::Id& id) {
    return db->read([&](store::Tx& tx) { return store::find_validation_report(tx, id); }).value();
  };
  REQUIRE(find_report(kept.id));
  CHECK(find_report(kept.id)->report == kept.report);
  const base::Id first = kept.id;
  for (int i = 1; i <= 2; ++i) {
    kept.id = base::Id::make(noon + i * 1ms);
    kept.expires_at = noon + 1h + i * 1ms;
    REQUIRE(db->write([&](store::Tx& tx) { return store::insert_validation_report(tx, kept, 2); }));
  }
  CHECK_FALSE(find_report(first));
  CHECK(find_report(kept.id));
  REQUIRE(db->write([](store::Tx& tx) { return store::delete_old_validation_reports(tx, noon + 2h); }));
  CHECK_FALSE(find_report(kept.id));
}
