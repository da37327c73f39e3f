// Writes that return before they are durable: no success is reported too early.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <thread>

#include "store/engines.hpp"
#include "store/sample.hpp"

namespace {

base::Result<void> mark(store::Store& db, const std::string& name, const std::string& value = "1") {
  return db.write([&](store::Tx& tx) { return store::set_mark(tx, name, value); });
}
bool is_marked(store::Store& db, const std::string& name) {
  return db.read([&](store::Tx& tx) { return store::find_mark(tx, name); }).value().has_value();
}

/// Writes a mark as a deferred member does.
std::unique_ptr<store::Pending> mark_deferred(store::Store& db, const std::string& name) {
  store::Store::Deferral deferral(db);
  REQUIRE(mark(db, name));
  return deferral.take();
}

std::future<base::Result<void>> when_over(store::Pending& pending) {
  auto said = std::make_shared<std::promise<base::Result<void>>>();
  pending.when_over([said](const base::Result<void>& done) { said->set_value(done); });
  return said->get_future();
}

constexpr auto at_once = std::chrono::seconds(0);

}  // namespace

TEST_CASE("a deferred write is seen by nobody and told to nobody before somebody flushes it") {
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  const auto pending = mark_deferred(*db, "late");
  REQUIRE(pending);
  auto told = when_over(*pending);
  CHECK(told.wait_for(at_once) == std::future_status::timeout);
  CHECK_FALSE(is_marked(*db, "late"));
  db->flush();
  CHECK(told.get());
  CHECK(is_marked(*db, "late"));
}

TEST_CASE("many deferred writes of several threads share commits, and all are told") {
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  const auto anna = sample::add_account(*db, "anna").value();
  std::atomic<int> told{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        store::Store::Deferral deferral(*db);
        const auto done = db->write([&](store::Tx& tx) { return store::append_event(tx, sample::event_of(anna)); });
        const auto pending = deferral.take();
        if (!done || !pending) continue;
        pending->when_over([&told](const base::Result<void>& over) { told += over ? 1 : 0; });
        if (i % 10 == 9) db->flush();
      }
    });
  }
  // One more thread waits for each of its writes.
  for (int i = 0; i < 20; ++i) CHECK(mark(*db, "mark-" + std::to_string(i)));
  for (std::thread& thread : threads) thread.join();
  while (told < 200) {
    db->flush();
    std::this_thread::yield();
  }
  CHECK(sample::count_chained(*db) == 200);
}

TEST_CASE("a deferred body that fails leaves no trace, and those before and after it are kept") {
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  const auto first = mark_deferred(*db, "first");
  {
    store::Store::Deferral deferral(*db);
    const auto failed = db->write([&](store::Tx& tx) -> base::Result<void> {
      RETURN_IF_ERROR(store::set_mark(tx, "failed", "1"));
      return base::fail(base::Code::denied, "no");
    });
    CHECK(failed.error().code == base::Code::denied);
    CHECK_FALSE(deferral.take());
  }
  const auto last = mark_deferred(*db, "last");
  CHECK(last->finish());
  CHECK(first->finish());
  CHECK(is_marked(*db, "first"));
  CHECK_FALSE(is_marked(*db, "failed"));
  CHECK(is_marked(*db, "last"));
}

TEST_CASE("the first deferred body of a transaction may fail as well") {
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  {
    const store::Store::Deferral deferral(*db);
    CHECK_FALSE(db->write([&](store::Tx& tx) -> base::Result<void> {
      RETURN_IF_ERROR(store::set_mark(tx, "failed", "1"));
      return base::fail(base::Code::denied, "no");
    }));
  }
  CHECK(mark_deferred(*db, "next")->finish());
  CHECK_FALSE(is_marked(*db, "failed"));
  CHECK(is_marked(*db, "next"));
}

TEST_CASE("a thread finds what it has written, deferred or not") {
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  const store::Store::Deferral deferral(*db);
  CHECK(mark(*db, "own"));
  CHECK(is_marked(*db, "own"));
}

TEST_CASE("what is left of a deferral is durable when it goes") {
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  {
    const store::Store::Deferral deferral(*db);
    CHECK(mark(*db, "left"));
  }
  CHECK(is_marked(*db, "left"));
}

TEST_CASE("a store that goes commits what is pending and tells it") {
  const engines::Sqlite::Place place;
  auto db = engines::open_or_fail({.url = place.url()});
  auto pending = mark_deferred(*db, "last");
  auto told = when_over(*pending);
  pending.reset();
  db.reset();
  CHECK(told.get());
  db = engines::open_or_fail({.url = place.url()});
  CHECK(is_marked(*db, "last"));
}

TEST_CASE("one who waits commits for the deferred ones before him") {
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  const auto pending = mark_deferred(*db, "before");
  auto told = when_over(*pending);
  CHECK(mark(*db, "waits"));
  CHECK(told.get());
  CHECK(is_marked(*db, "before"));
}

TEST_CASE("on PostgreSQL nothing is deferred: what failed there must be run again") {
  const auto db = engines::Postgresql::open();
  CHECK_FALSE(mark_deferred(*db, "at once"));
  CHECK(is_marked(*db, "at once"));
}

TEST_CASE("when the disk is full deferred writes are told that they have not happened") {
  const engines::Sqlite::Place place;
  ::signal(SIGXFSZ, SIG_IGN);
  const auto db = engines::open_or_fail({.url = place.url()});
  rlimit unlimited{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &unlimited) == 0);
  store::Store::Deferral deferral(*db);
  const std::string large(2'000'000, 'x');
  REQUIRE(mark(*db, "large", large));
  const auto pending = deferral.take();
  REQUIRE(pending);
  const rlimit full{400'000, unlimited.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &full) == 0);
  const auto done = pending->finish();
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &unlimited) == 0);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == base::Code::unavailable);
  CHECK_FALSE(is_marked(*db, "large"));
  CHECK(mark_deferred(*db, "after")->finish());
  CHECK(is_marked(*db, "after"));
}

TEST_CASE("a log that cannot be made durable ends all writing, and reads go on") {
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  CHECK(mark(*db, "before"));
  CHECK(db->is_ready());
  // Stands for a disk that fails: the log that is to be synced is not there.
  std::filesystem::rename(place.file() + "-wal", place.file() + "-wal.away");
  const auto done = mark(*db, "lost");
  REQUIRE_FALSE(done);
  CHECK(done.error().code == base::Code::unavailable);
  std::filesystem::rename(place.file() + "-wal.away", place.file() + "-wal");
  CHECK(mark(*db, "never").error().code == base::Code::unavailable);
  CHECK(is_marked(*db, "before"));
  CHECK_FALSE(db->is_ready());
}
