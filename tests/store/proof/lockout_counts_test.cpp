// Known devices, and what the lockout counts.
#include <doctest/doctest.h>

#include <thread>

#include "store/account/accounts.hpp"
#include "store/account/statistics.hpp"
#include "store/engines.hpp"
#include "store/proof/throttling.hpp"
#include "store/sample.hpp"
#include "store/session/devices.hpp"

using sample::noon;
using namespace std::chrono_literals;

namespace {

store::Device device_of(const identity::Account& account, base::Time at) {
  return {base::Id::make(at), account.id, std::string(32, 'd'), "Firefox/140", at, at};
}

std::vector<store::Device> devices_of(store::Store& db, const identity::Account& account) {
  return db.read([&](store::Tx& tx) { return store::list_devices(tx, account.id); }).value();
}

}  // namespace

TEST_CASE_TEMPLATE("a device is found as it was written, renewed, and forgotten by its owner alone", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto jan = sample::add_account(*db, "jan").value();
  const store::Device device = device_of(anna, noon);
  CHECK(db->write([&](store::Tx& tx) { return store::insert_device(tx, device); }));
  const auto find = [&] { return db->read([&](store::Tx& tx) { return store::find_device(tx, device.id); }).value(); };
  REQUIRE(find());
  CHECK(find()->account_id == anna.id);
  CHECK(find()->user_agent == "Firefox/140");
  CHECK(db->write([&](store::Tx& tx) {
    return store::renew_device(tx, device.id, std::string(32, 'e'), "Firefox/141", noon + 1h);
  }));
  CHECK(find()->secret_hash == std::string(32, 'e'));
  CHECK(find()->last_seen == noon + 1h);
  CHECK(find()->created_at == noon);
  CHECK_FALSE(db->write([&](store::Tx& tx) { return store::delete_device(tx, jan.id, device.id); }).value());
  CHECK(devices_of(*db, anna).size() == 1);
  CHECK(db->write([&](store::Tx& tx) { return store::delete_device(tx, anna.id, device.id); }).value());
  CHECK(devices_of(*db, anna).empty());
}

TEST_CASE_TEMPLATE("of too many devices those seen last stay, and old ones go", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  for (int i = 0; i < 5; ++i) {
    CHECK(db->write([&](store::Tx& tx) { return store::insert_device(tx, device_of(anna, noon + i * 1h)); }));
  }
  CHECK(db->write([&](store::Tx& tx) { return store::delete_surplus_devices(tx, anna.id, 3); }));
  auto left = devices_of(*db, anna);
  REQUIRE(left.size() == 3);
  CHECK(left.front().last_seen == noon + 4h);
  CHECK(left.back().last_seen == noon + 2h);
  CHECK(db->write([&](store::Tx& tx) { return store::delete_old_devices(tx, noon + 4h); }));
  CHECK(devices_of(*db, anna).size() == 1);
}

TEST_CASE_TEMPLATE("failures are counted by source, an account's can be freed, and forgotten ones go", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto set = [&](std::string_view key, const std::optional<base::Id>& account, std::int64_t failures,
                       base::Time barrier) {
    return db
        ->write([&](store::Tx& tx) {
          return store::set_failure_count(tx, key, account, {failures, noon}, barrier);
        })
        .has_value();
  };
  const auto count = [&](std::string_view key) {
    return db->read([&](store::Tx& tx) { return store::find_failures(tx, key); }).value();
  };
  const auto barrier = [&](base::Time now) {
    return db->read([&](store::Tx& tx) { return store::find_barrier_of(tx, anna.id, now); }).value();
  };
  CHECK_FALSE(count("strangers").last);
  CHECK(set("strangers", anna.id, 6, noon + 1min));
  CHECK(set("strangers", anna.id, 7, noon + 2min));
  CHECK(set("device", anna.id, 2, base::Time()));
  CHECK(set("nobody", std::nullopt, 3, noon + 5min));
  CHECK(count("strangers").failures == 7);
  CHECK(count("strangers").last == noon);
  CHECK(barrier(noon) == noon + 2min);
  CHECK_FALSE(barrier(noon + 2min));
  CHECK(db->write([&](store::Tx& tx) { return store::delete_failures_of(tx, anna.id); }));
  CHECK_FALSE(count("strangers").last);
  CHECK_FALSE(count("device").last);
  CHECK(count("nobody").failures == 3);
  CHECK(db->write([&](store::Tx& tx) { return store::delete_old_failures(tx, noon + 1ms); }));
  CHECK_FALSE(count("nobody").last);
}

TEST_CASE_TEMPLATE("forty logins at the same time are all counted, each realm by itself", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5; ++i) {
        (void)db->write([&](store::Tx& tx) {
          return store::record_login(tx, anna.id, t % 2 == 0 ? "own" : "other", false, "192.0.2.7", noon + i * 1s);
        });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const auto read = [&](std::string_view realm) {
    return db->read([&](store::Tx& tx) { return store::find_statistics(tx, anna.id, realm); }).value();
  };
  CHECK(read("own").failures_since_success == 20);
  CHECK(read("other").failures_since_success == 20);
  const auto succeed = [&](base::Time at) {
    CHECK(db->write([&](store::Tx& tx) { return store::record_login(tx, anna.id, "own", true, "192.0.2.8", at); }));
  };
  succeed(noon + 1h);
  CHECK(read("own").failures_since_success == 0);
  CHECK(read("own").failures_before == 20);
  CHECK_FALSE(read("own").previous_success);
  succeed(noon + 2h);
  CHECK(read("own").previous_success == noon + 1h);
  CHECK(read("own").failures_before == 0);
  CHECK(read("other").failures_since_success == 20);
}
