// Connections that read: how long a thread waits for one, and which reads have their own connections.
#include <doctest/doctest.h>

#include <future>
#include <vector>

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

TEST_CASE_TEMPLATE("reports that hold all their connections hold up no other read, no background work and no write", E,
                   ON_BOTH_ENGINES) {
  const typename E::Place place;
  const auto db = engines::open_or_fail(
      {.url = place.url(), .readers = 1, .report_readers = 1, .patience = std::chrono::milliseconds(10)});
  run_during([&](auto body) { return db->read_report(body); },
             [&] {
               CHECK_FALSE(db->read_report(look));
               CHECK(db->read(look));
               CHECK(db->read_background(look));
               CHECK(db->write([](store::Tx& tx) { return store::set_mark(tx, "x", "1"); }));
               CHECK(db->is_ready());
             });
  CHECK(db->read_report(look));
}

TEST_CASE("so many reports wait as their line has places, and further ones are refused at once") {
  const engines::Sqlite::Place place;
  // No wait reaches its time limit in this test.
  const auto db = engines::open_or_fail(
      {.url = place.url(), .report_readers = 1, .report_queue = 1, .patience = std::chrono::hours(24)});
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

TEST_CASE("of one person one report runs and one waits, further ones are refused at once, and others are not held up") {
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url(), .report_readers = 2, .patience = std::chrono::hours(24)});
  const base::Id anna = base::Id::make(sample::noon);
  const base::Id jan = base::Id::make(sample::noon);
  std::vector<std::future<bool>> of_anna;
  const std::uint64_t before = store::reads_refused();
  run_during([&](auto body) { return db->read_report(body, anna); },
             [&] {
               const auto report = [&] { return db->read_report(look, anna).has_value(); };
               for (int i = 0; i < 4; ++i) of_anna.push_back(std::async(std::launch::async, report));
               while (store::reads_refused() < before + 3) std::this_thread::yield();
               CHECK(db->read_report(look, jan));
               CHECK(db->read_report(look));
             });
  int done = 0;
  for (auto& one : of_anna) done += one.get() ? 1 : 0;
  CHECK(done == 1);
  CHECK(db->read_report(look, anna));
}

TEST_CASE(
    "a returned connection goes to a report that may run, also when a person who has one already waits in front of "
    "it") {
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url(), .report_readers = 2, .patience = std::chrono::hours(24)});
  const base::Id anna = base::Id::make(sample::noon);
  std::future<bool> waiting;  // of Anna, before the two others
  std::vector<std::future<bool>> others;
  run_during([&](auto body) { return db->read_report(body, anna); },
             [&] {
               waiting = std::async(std::launch::async, [&] { return db->read_report(look, anna).has_value(); });
               run_during([&](auto body) { return db->read_report(body); },
                          [&] {
                            for (int i = 0; i < 2; ++i) {
                              others.push_back(
                                  std::async(std::launch::async, [&] { return db->read_report(look).has_value(); }));
                            }
                          });
               for (auto& one : others) CHECK(one.get());  // while Anna still has hers
             });
  CHECK(waiting.get());
}
