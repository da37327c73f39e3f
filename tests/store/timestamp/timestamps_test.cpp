#include "store/timestamp/timestamps.hpp"

#include <doctest/doctest.h>

#include "store/engines.hpp"

using namespace std::chrono_literals;

namespace {

const base::Time noon = base::parse_rfc3339("2026-11-29T12:00:00Z").value();

store::TimestampAuthority row(const std::string& sha256, base::Time created_at) {
  store::TimestampAuthority one;
  one.id = base::Id::make(created_at);
  one.state = "active";
  one.sha256 = sha256;
  one.name = "TSA";
  one.subject = "CN=TSA";
  one.certificate = "certificate";
  one.chain = "chain";
  one.algorithm = "ecdsa-sha256";
  one.spki = "spki";
  one.not_before = created_at;
  one.not_after = created_at + 24h;
  one.created_at = created_at;
  return one;
}

}  // namespace

TEST_CASE_TEMPLATE("the newest authority stamps, and the keys of those before it are destroyed", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto first = row("a", noon);
  const auto second = row("b", noon + 1h);
  REQUIRE(db->write(
      [&](store::Tx& tx) { return store::insert_timestamp_authority(tx, first, base::Secret("first key")); }));
  const auto key = [&](const base::Id& id) {
    return db->read([&](store::Tx& tx) { return store::find_timestamp_key(tx, id); });
  };
  CHECK(key(first.id)->reveal() == "first key");
  REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::insert_timestamp_authority(tx, second, base::Secret("second key")));
    return store::retire_timestamp_authorities(tx, second.id);
  }));
  const auto found = db->read([](store::Tx& tx) { return store::find_timestamp_authority(tx); }).value();
  REQUIRE(found);
  CHECK(found->sha256 == "b");
  CHECK(found->not_after == second.not_after);
  CHECK_FALSE(key(first.id));
  CHECK(key(second.id)->reveal() == "second key");
  const auto all = db->read([](store::Tx& tx) { return store::list_timestamp_authorities(tx); }).value();
  REQUIRE(all.size() == 2);
  CHECK(all[0].state == "active");
  CHECK(all[1].state == "retired");
}

TEST_CASE_TEMPLATE("the keys are sealed anew under another master key", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto one = row("a", noon);
  const auto next = crypto::MasterKey::make();
  REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::insert_timestamp_authority(tx, one, base::Secret("key")));
    return store::seal_timestamp_keys_anew(tx, next);
  }));
  CHECK_FALSE(db->read([&](store::Tx& tx) { return store::find_timestamp_key(tx, one.id); }));
}

TEST_CASE_TEMPLATE("numbers are reserved once", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto reserve = [&](std::int64_t count) {
    return db->write([&](store::Tx& tx) { return store::reserve_serials(tx, count); }).value();
  };
  CHECK(reserve(1000) == 1);
  CHECK(reserve(1) == 1001);
  CHECK(reserve(1000) == 1002);
  // What was not committed was not reserved.
  CHECK_FALSE(db->write([](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::reserve_serials(tx, 500));
    return base::fail(base::Code::internal, "on purpose");
  }));
  CHECK(reserve(1) == 2002);
}

TEST_CASE_TEMPLATE("a time before what was stamped is refused beyond the tolerance", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto note = [&](base::Time at) {
    return db->write([&](store::Tx& tx) { return store::note_stamped_time(tx, at, 1s); }).value();
  };
  CHECK(note(noon));
  CHECK(note(noon + 50ms));
  CHECK(note(noon - 900ms));
  CHECK_FALSE(note(noon - 1001ms));
  CHECK(note(noon + 1h));
  CHECK_FALSE(note(noon));
  const auto clock = db->read([](store::Tx& tx) { return store::find_timestamp_clock(tx); }).value();
  CHECK(clock.last_at == noon + 1h);
}
