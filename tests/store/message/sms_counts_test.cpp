// Limits and counts of short messages (S3.8).
#include "store/message/sms_counts.hpp"

#include <doctest/doctest.h>

#include "store/engines.hpp"
#include "store/sample.hpp"

using sample::noon;
using namespace std::chrono_literals;

TEST_CASE_TEMPLATE("nothing is limited until limits are set, and each change raises their version", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto read = [&] { return db->read([](store::Tx& tx) { return store::find_sms_limits(tx); }).value(); };
  CHECK(read().version == 0);
  CHECK(read().limits == identity::SmsLimits());
  identity::SmsLimits limits{3, 5, 7min, 10};
  REQUIRE(db->write([&](store::Tx& tx) { return store::set_sms_limits(tx, limits); }));
  CHECK(read().limits == limits);
  CHECK(read().version == 1);
  limits.per_day = 0;
  REQUIRE(db->write([&](store::Tx& tx) { return store::set_sms_limits(tx, limits); }));
  CHECK(read().limits == limits);
  CHECK(read().version == 2);
}

TEST_CASE_TEMPLATE("the times of messages are read as they were written, and old ones are swept", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const std::string key(32, 'k');
  const auto read = [&] { return db->read([&](store::Tx& tx) { return store::find_sms_count(tx, key); }).value(); };
  CHECK(read().times.empty());
  const store::SmsCount count{{noon, noon + 1ms, noon + 1h}, noon + 2h};
  REQUIRE(db->write([&](store::Tx& tx) { return store::set_sms_count(tx, key, count, noon + 1h); }));
  CHECK(read().times == count.times);
  CHECK(read().told_at == count.told_at);
  REQUIRE(db->write([&](store::Tx& tx) { return store::set_sms_count(tx, key, {{noon}, {}}, noon); }));
  CHECK(read().times == std::vector<base::Time>{noon});
  CHECK_FALSE(read().told_at);
  CHECK_FALSE(db->write([&](store::Tx& tx) { return store::delete_old_sms_counts(tx, noon); }).value());
  CHECK(read().times.size() == 1);
  CHECK_FALSE(db->write([&](store::Tx& tx) { return store::delete_old_sms_counts(tx, noon + 1ms); }).value());
  CHECK(read().times.empty());
}

TEST_CASE_TEMPLATE("each purpose has the counts of its latest day", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  REQUIRE(db->write([&](store::Tx& tx) { return store::set_sms_day(tx, "code", {"2026-11-28", 7, 1}); }));
  REQUIRE(db->write([&](store::Tx& tx) { return store::set_sms_day(tx, "code", {"2026-11-29", 2, 3}); }));
  const auto day = db->read([](store::Tx& tx) { return store::find_sms_day(tx, "code"); }).value();
  CHECK(day.day == "2026-11-29");
  CHECK(day.sent == 2);
  CHECK(day.refused == 3);
  CHECK(db->read([](store::Tx& tx) { return store::find_sms_day(tx, "reset"); }).value().day.empty());
}
