// Connections that read: how long a thread waits for one, and which reads have their own connections.
#include <doctest/doctest.h>

#include <future>

#include "store/engines.hpp"
#include "store/sample.hpp"

namespace {

base::Result<std::optional<std::string>> look(store::Tx& tx) {
  return store::find_mark(tx, "x");
}

// Runs `meanwhile` on another thread while this one uses the connection that `hold` gives.
template <class Hold, class F>
void run_during(Hold hold, F meanwhile) {
  const auto done = hold([&](store::Tx& tx) {
    auto seen = look(tx);
    std::async(std::launch::async, meanwhile).get();
    return seen;
  });
  CHECK(done);
}

}  // namespace

TEST_CASE_TEMPLATE("a read that finds no free connection in time is refused and counted, and the next one is not", E,
                   ON_BOTH_ENGINES) {
  const typename E::Place place;
  const auto db = engines::open_or_fail({.url = place.url(), .readers = 1, .patience = std::chrono::milliseconds(10)});
  const std::uint64_t before = store::reads_refused();
  run_during([&](auto body) { return db->read(body); },
             [&] {
               const auto refused = db->read(look);
               REQUIRE_FALSE(refused);
               CHECK(refused.error().code == base::Code::unavailable);
               CHECK(refused.error().reason.find("connections that read are in use") != std::string::npos);
             });
  CHECK(store::reads_refused() == before + 1);
  CHECK(db->read(look));
}

TEST_CASE_TEMPLATE("reports that hold all their connections hold up no other read and no write", E, ON_BOTH_ENGINES) {
  const typename E::Place place;
  const auto db = engines::open_or_fail(
      {.url = place.url(), .readers = 1, .report_readers = 1, .patience = std::chrono::milliseconds(10)});
  run_during([&](auto body) { return db->read_report(body); },
             [&] {
               CHECK_FALSE(db->read_report(look));
               CHECK(db->read(look));
               CHECK(db->write([](store::Tx& tx) { return store::set_mark(tx, "x", "1"); }));
               CHECK(db->is_ready());
             });
  CHECK(db->read_report(look));
}

TEST_CASE("as many reports wait as run, and further ones are refused at once") {
  const engines::Sqlite::Place place;
  // No wait reaches its time limit in this test.
  const auto db = engines::open_or_fail({.url = place.url(), .report_readers = 1, .patience = std::chrono::hours(24)});
  std::future<bool> one;
  std::future<bool> other;
  const std::uint64_t before = store::reads_refused();
  run_during([&](auto body) { return db->read_report(body); },
             [&] {
               const auto report = [&] { return db->read_report(look).has_value(); };
               one = std::async(std::launch::async, report);
               other = std::async(std::launch::async, report);
               // Either of the two waits; the other one is refused, whatever their order.
               while (store::reads_refused() == before) std::this_thread::yield();
             });
  CHECK((one.get() ? 1 : 0) + (other.get() ? 1 : 0) == 1);
}
