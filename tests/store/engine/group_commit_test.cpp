#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <thread>

#include "store/account/statistics.hpp"
#include "store/engines.hpp"
#include "store/oauth/grants.hpp"
#include "store/sample.hpp"

using sample::noon;

namespace {

base::Result<void> mark(store::Store& db, const std::string& name) {
  return db.write([&](store::Tx& tx) { return store::set_mark(tx, name, "1"); });
}
bool is_marked(store::Store& db, const std::string& name) {
  return db.read([&](store::Tx& tx) { return store::find_mark(tx, name); }).value().has_value();
}

// Holds the writer until all `members` are in its queue, so that they form one group.
void run_as_group(store::Store& db, std::vector<std::function<void()>> members) {
  std::atomic<std::size_t> coming{0};
  std::vector<std::thread> threads;
  const auto held = db.write([&](store::Tx&) -> base::Result<void> {
    for (auto& member : members) {
      threads.emplace_back([&coming, &member] {
        ++coming;
        member();
      });
    }
    while (coming < members.size()) std::this_thread::yield();
    return {};
  });
  CHECK(held);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

TEST_CASE_TEMPLATE("a failed body in a group leaves no trace and the others are committed", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  std::vector<std::function<void()>> members;
  std::atomic<int> wrong{0};
  for (int i = 0; i < 30; ++i) {
    members.emplace_back([&, i] {
      const auto done = db->write([&](store::Tx& tx) -> base::Result<void> {
        RETURN_IF_ERROR(store::set_mark(tx, "mark-" + std::to_string(i), "1"));
        RETURN_IF_ERROR(store::append_event(tx, sample::event_of(anna)));
        if (i % 3 == 1) return base::fail(base::Code::denied, "no");
        if (i % 3 == 2) throw std::runtime_error("a fault");
        return {};
      });
      if (i % 3 == 0 && !done) ++wrong;
      if (i % 3 == 1 && (done || done.error().code != base::Code::denied)) ++wrong;
      if (i % 3 == 2 && (done || done.error().code != base::Code::internal)) ++wrong;
    });
  }
  run_as_group(*db, std::move(members));
  CHECK(wrong == 0);
  for (int i = 0; i < 30; ++i) CHECK(is_marked(*db, "mark-" + std::to_string(i)) == (i % 3 == 0));

  CHECK(sample::count_chained(*db) == 10);
}

TEST_CASE_TEMPLATE("64 writers in parallel lose nothing", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  std::atomic<int> failed{0};
  std::vector<std::thread> writers;
  for (int w = 0; w < 64; ++w) {
    writers.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        const auto done = db->write([&](store::Tx& tx) -> base::Result<void> {
          RETURN_IF_ERROR(store::record_login(tx, anna.id, "own", false, "192.0.2.7", noon));
          return store::append_event(tx, sample::event_of(anna));
        });
        const auto seen = db->read([&](store::Tx& tx) { return store::find_statistics(tx, anna.id, "own"); });
        if (!done || !seen) ++failed;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(failed == 0);
  const auto counted = db->read([&](store::Tx& tx) { return store::find_statistics(tx, anna.id, "own"); });
  CHECK(counted.value().failures_since_success == 640);
  CHECK(db->read([&](store::Tx& tx) { return store::find_head(tx); }).value()->seq == 640);
}

TEST_CASE_TEMPLATE("two parallel redemptions of one code: exactly one wins", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto session = sample::session_of(anna);
  const auto client = sample::client_of(anna.tenant_id, "portal");
  CHECK(db->write([&](store::Tx& tx) { return store::insert_client(tx, client, noon); }));
  for (int round = 0; round < 20; ++round) {
    const auto grant = sample::grant_of(session, client);
    CHECK(db->write([&](store::Tx& tx) {
      return store::insert_grant(tx, grant, sample::clearance_for(session, rights::Issued::grant));
    }));
    std::atomic<int> winners{0};
    const auto redeem = [&] {
      if (db->write([&](store::Tx& tx) {
              return store::redeem_grant(tx, grant.id, noon, {std::nullopt, grant.expires_at});
            }).value())
        ++winners;
    };
    run_as_group(*db, {redeem, redeem});
    CHECK(winners == 1);
  }
}

TEST_CASE_TEMPLATE("a body cannot hide that one of its statements failed", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto done = db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::set_mark(tx, "before", "1"));
    (void)store::set_mark(tx, "not text", "\xff");
    return {};
  });
  REQUIRE_FALSE(done);
  CHECK(done.error().code == base::Code::invalid_input);
  CHECK_FALSE(is_marked(*db, "before"));
  CHECK(mark(*db, "after"));
  CHECK(is_marked(*db, "after"));
}

TEST_CASE_TEMPLATE("a reader sees one moment, whatever is written meanwhile", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  CHECK(db->read([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto first, store::find_mark(tx, "late"));
    CHECK_FALSE(first);
    CHECK(mark(*db, "late"));
    ASSIGN_OR_RETURN(const auto second, store::find_mark(tx, "late"));
    CHECK_FALSE(second);
    return {};
  }));
  CHECK(is_marked(*db, "late"));
}

TEST_CASE_TEMPLATE("a reading transaction cannot write", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  CHECK_FALSE(db->read([&](store::Tx& tx) { return store::set_mark(tx, "x", "1"); }));
  CHECK_FALSE(is_marked(*db, "x"));
}

TEST_CASE("more waiting writes than the queue holds are turned away") {
  const auto db = engines::open_or_fail({.url = "sqlite::memory:", .queue_limit = 2});
  std::atomic<int> turned_away{0};
  std::vector<std::function<void()>> members(8, [&] {
    const auto done = mark(*db, "x");
    if (!done && done.error().code == base::Code::unavailable) ++turned_away;
  });
  std::vector<std::thread> threads;
  CHECK(db->write([&](store::Tx&) -> base::Result<void> {
    for (auto& member : members) threads.emplace_back(member);
    while (turned_away < 6) std::this_thread::yield();
    return {};
  }));
  for (std::thread& thread : threads) thread.join();
  CHECK(turned_away == 6);
}
