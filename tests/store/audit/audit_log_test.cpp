#include "store/audit/audit_log.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "store/engines.hpp"
#include "store/sample.hpp"

using sample::noon;
using namespace std::chrono_literals;

namespace {

// The flaws of the log, a sentence each.
std::vector<std::string> verify(store::Store& db) {
  std::vector<std::string> said;
  audit::ChainVerifier verifier;
  const auto read = db.read([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::for_each_event(tx, 1, [&](const audit::Event& event) -> base::Result<void> {
      if (const auto sentence = verifier.check(event)) said.push_back(audit::describe(*sentence));
      return {};
    }));
    ASSIGN_OR_RETURN(const auto head, store::find_head(tx));
    if (const auto sentence = verifier.finish(head, head && store::is_seal_right(tx, *head)))
      said.push_back(audit::describe(*sentence));
    return {};
  });
  CHECK(read);
  return said;
}

// Runs all steps that are due; gives how many events they erased.
std::size_t erase_all(store::Store& db, std::size_t most) {
  std::size_t erased = 0;
  for (;;) {
    const auto step = db.write([&](store::Tx& tx) { return store::erase_some_personal(tx, most); });
    REQUIRE(step);
    if (!*step) return erased;
    CHECK((*step)->events <= most);
    erased += (*step)->events;
  }
}

using Said = std::vector<std::string>;

// A log of twenty events, closed, so that a test can alter the database without the store.
template <class E>
struct ClosedLog {
  ClosedLog() {
    const auto db = open();
    anna = sample::add_account(*db, "anna").value();
    jan = sample::add_account(*db, "jan").value();
    append(*db, 20);
    CHECK(verify(*db) == Said{});
  }
  std::unique_ptr<store::Store> open() { return engines::open_or_fail({.url = place.url()}); }
  void append(store::Store& db, int n) {
    for (int i = 0; i < n; ++i) {
      CHECK(db.write([&](store::Tx& tx) {
        auto event = sample::event_of(i % 2 == 0 ? anna : jan);
        event.at = noon + std::chrono::seconds(i);
        event.outcome = i % 4 == 0 ? "failure" : "success";
        event.client = i % 5 == 0 ? "portal" : "";
        return store::append_event(tx, event);
      }));
    }
  }

  typename E::Place place;
  identity::Account anna;
  identity::Account jan;
};

}  // namespace

TEST_CASE_TEMPLATE("an altered row is named", E, ON_BOTH_ENGINES) {
  ClosedLog<E> log;
  log.place.execute("UPDATE audit_event SET outcome = 'success' WHERE seq = 17");
  CHECK(verify(*log.open()) == Said{"event 17 was altered"});
}

TEST_CASE_TEMPLATE("a removed row is named", E, ON_BOTH_ENGINES) {
  ClosedLog<E> log;
  log.place.execute("DELETE FROM audit_event WHERE seq = 18");
  CHECK(verify(*log.open()) == Said{"event 18 is missing"});
}

TEST_CASE_TEMPLATE("rows that changed places are named", E, ON_BOTH_ENGINES) {
  ClosedLog<E> log;
  log.place.execute(
      "UPDATE audit_event SET seq = 1000 WHERE seq = 7; UPDATE audit_event SET seq = 7 WHERE seq = 8; "
      "UPDATE audit_event SET seq = 8 WHERE seq = 1000");
  CHECK(verify(*log.open()) == Said{"events 7 and 8 changed places", "events 7 and 8 changed places"});
}

TEST_CASE_TEMPLATE("a cut-off tail shows, also after the log went on", E, ON_BOTH_ENGINES) {
  ClosedLog<E> log;
  log.place.execute("DELETE FROM audit_event WHERE seq > 15");
  const auto db = log.open();
  CHECK(verify(*db) == Said{"events 16 to 20 are missing at the end: the tail was cut off"});
  log.append(*db, 3);
  CHECK(verify(*db) == Said{"events 16 to 20 are missing"});
}

TEST_CASE_TEMPLATE("a tail cut off together with its head shows, also after the log went on", E, ON_BOTH_ENGINES) {
  ClosedLog<E> log;
  log.place.execute(
      "DELETE FROM audit_event WHERE seq > 15; "
      "UPDATE audit_head SET seq = 15, hash = (SELECT hash FROM audit_event WHERE seq = 15)");
  const auto db = log.open();
  CHECK(verify(*db) == Said{"the seal of the head is wrong"});
  log.append(*db, 3);
  CHECK(verify(*db) == Said{"before event 16 the sealed head had been altered or removed"});
}

TEST_CASE_TEMPLATE("a removed head shows, also after the log went on", E, ON_BOTH_ENGINES) {
  ClosedLog<E> log;
  log.place.execute("DELETE FROM audit_head");
  const auto db = log.open();
  CHECK(verify(*db) == Said{"the sealed head is missing"});
  log.append(*db, 3);
  CHECK(verify(*db) == Said{"before event 21 the sealed head had been altered or removed"});
}

TEST_CASE_TEMPLATE("personal data can be erased without breaking the chain, and only on record", E, ON_BOTH_ENGINES) {
  ClosedLog<E> log;
  {
    const auto db = log.open();
    CHECK(db->write([&](store::Tx& tx) { return store::erase_personal(tx, log.anna.tenant_id, log.anna.id, noon); }));
    CHECK(verify(*db) == Said{});
    store::AuditFilter of_anna;
    of_anna.account = log.anna.id;
    const auto events = db->read([&](store::Tx& tx) { return store::find_events(tx, of_anna); }).value().events;
    REQUIRE(events.size() == 11);
    CHECK(events.front().type == audit::type::audit_erase);
    for (const auto& event : events) CHECK(event.personal.empty());
    store::AuditFilter of_jan;
    of_jan.account = log.jan.id;
    const auto others = db->read([&](store::Tx& tx) { return store::find_events(tx, of_jan); }).value().events;
    for (const auto& event : others) CHECK_FALSE(event.personal.empty());
  }
  CHECK(erase_all(*log.open(), 100) == 10);
  log.place.execute("UPDATE audit_event SET personal = '{}' WHERE seq = 2");
  CHECK(verify(*log.open()) == Said{"the personal part of event 2 was altered"});
  log.place.execute("UPDATE audit_event SET personal = '', salt = '' WHERE seq = 2");
  CHECK(verify(*log.open()) == Said{"the personal part of event 2 is missing, and no event records its erasure"});
}

TEST_CASE_TEMPLATE("events are filtered and paged, newest first", E, ON_BOTH_ENGINES) {
  ClosedLog<E> log;
  const auto db = log.open();
  const auto find = [&](const store::AuditFilter& filter) {
    return db->read([&](store::Tx& tx) { return store::find_events(tx, filter); }).value();
  };
  store::AuditFilter filter;
  filter.most = 8;
  std::vector<std::int64_t> seen;
  for (;;) {
    const auto page = find(filter);
    for (const auto& event : page.events) seen.push_back(event.seq);
    if (page.next_before == 0) break;
    filter.before_seq = page.next_before;
  }
  REQUIRE(seen.size() == 20);
  CHECK(seen.front() == 20);
  CHECK(seen.back() == 1);

  CHECK(find({.outcome = "failure"}).events.size() == 5);
  CHECK(find({.account = log.jan.id}).events.size() == 10);
  CHECK(find({.client = "portal"}).events.size() == 4);
  CHECK(find({.type = "logout"}).events.empty());
  CHECK(find({.tenant_id = base::Id::make(noon)}).events.empty());
  CHECK(find({.tenant_id = log.anna.tenant_id}).events.size() == 20);
  CHECK(find({.from = noon + 5s, .to = noon + 7s}).events.size() == 2);
  const auto event = find({.account = log.anna.id, .most = 1}).events.at(0);
  CHECK(event.seq == 19);
  CHECK(event.personal == R"({"ip":"192.0.2.7"})");
  CHECK(event.data == R"({"method":"password"})");
  CHECK(event.request_id == "r-1");
}

TEST_CASE_TEMPLATE("a search that finds little ends early and says where it goes on", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  CHECK(db->write([&](store::Tx& tx) -> base::Result<void> {
    for (int i = 1; i <= 60; ++i) {
      audit::Event event = sample::event_of(anna);
      if (i == 3) event.client = "rare";
      if (i % 2 == 0) event.type = "logout";
      event.at = noon + std::chrono::hours(i);
      RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
    }
    return {};
  }));
  const auto find = [&](const store::AuditFilter& filter) {
    return db->read([&](store::Tx& tx) { return store::find_events(tx, filter); }).value();
  };
  // Ten looks of four events each.
  store::AuditFilter rare{.client = "rare", .look = 4};
  auto page = find(rare);
  CHECK(page.events.empty());
  CHECK(page.next_before == 21);
  rare.before_seq = page.next_before;
  page = find(rare);
  REQUIRE(page.events.size() == 1);
  CHECK(page.events[0].seq == 3);
  CHECK(page.next_before == 0);
  // Of one type: ten looks of two events of this type each, which are every other event.
  page = find({.type = "login", .client = "rare", .look = 2});
  CHECK(page.events.empty());
  CHECK(page.next_before == 21);
  CHECK(find({.type = "login", .client = "rare"}).events.size() == 1);
  // Of an account as well, whatever else is asked for; the events of a time are passed at once.
  page = find({.type = "login", .account = anna.id, .client = "rare", .look = 4});
  CHECK(page.events.empty());
  CHECK(page.next_before == 21);
  page = find({.account = anna.id, .client = "rare", .before_seq = 21, .look = 4});
  CHECK(page.events.size() == 1);
  page = find({.account = anna.id, .client = "rare", .oldest_first = true, .most = 1, .look = 1});
  CHECK(page.events.size() == 1);
  page = find({.account = anna.id, .client = "portal2", .oldest_first = true, .look = 4});
  CHECK(page.next_after == 40);
  page = find({.client = "rare", .from = noon + 2h, .to = noon + 4h, .look = 4});
  CHECK(page.events.size() == 1);
  CHECK(page.next_before == 0);
}

TEST_CASE_TEMPLATE("from either end the pages of the log have each event once, whatever it is filtered by", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
    for (int i = 1; i <= 60; ++i) {
      audit::Event event;
      event.at = noon + std::chrono::hours(i);
      event.tenant_id = anna.tenant_id;
      event.type = i % 2 == 0 ? "logout" : "login";
      if (i % 3 == 0) event.subject = anna.id;
      if (i % 5 == 0) event.client = "portal";
      RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
    }
    return {};
  }));
  const std::vector<store::AuditFilter> filters{{},
                                                {.type = "login"},
                                                {.account = anna.id},
                                                {.client = "portal"},
                                                {.type = "logout", .client = "portal"},
                                                {.from = noon + 10h, .to = noon + 40h}};
  for (const store::AuditFilter& plain : filters) {
    CAPTURE(plain.type);
    CAPTURE(plain.client);
    const auto walk = [&](bool oldest_first) {
      std::vector<std::int64_t> met;
      store::AuditFilter filter = plain;
      filter.most = 4;
      filter.look = 7;
      filter.oldest_first = oldest_first;
      for (;;) {
        const auto page = db->read([&](store::Tx& tx) { return store::find_events(tx, filter); }).value();
        for (const audit::Event& event : page.events) met.push_back(event.seq);
        const std::int64_t next = oldest_first ? page.next_after : page.next_before;
        if (next == 0) return met;
        (oldest_first ? filter.after_seq : filter.before_seq) = next;
      }
    };
    auto newest = walk(false);
    const auto oldest = walk(true);
    CHECK(std::is_sorted(oldest.begin(), oldest.end()));
    std::reverse(newest.begin(), newest.end());
    CHECK(newest == oldest);
    const auto counted = db->read([&](store::Tx& tx) { return store::count_events(tx, plain, 10'001); }).value();
    CHECK(counted.count == static_cast<std::int64_t>(oldest.size()));
    CHECK_FALSE(counted.is_least);
  }
}

TEST_CASE_TEMPLATE("events are counted up to a number and within bounded work, and the count says which ended it", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
    for (int i = 0; i < 60; ++i) {
      audit::Event event;
      event.at = noon;
      event.tenant_id = anna.tenant_id;
      event.type = "login";
      RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
    }
    return {};
  }));
  const auto count = [&](const store::AuditFilter& filter, std::int64_t most) {
    return db->read([&](store::Tx& tx) { return store::count_events(tx, filter, most); }).value();
  };
  CHECK(count({.before_seq = 10}, 100).count == 60);
  CHECK(count({}, 7).count == 7);
  CHECK_FALSE(count({}, 7).is_least);
  // Ten looks of four numbers each.
  CHECK(count({.look = 4}, 100).count == 40);
  CHECK(count({.look = 4}, 100).is_least);
}

TEST_CASE_TEMPLATE("an event in which somebody acts on another is found for both, and erased for both", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto jan = sample::add_account(*db, "jan").value();
  const auto append = [&](std::optional<base::Id> actor, std::optional<base::Id> subject) {
    audit::Event event = sample::event_of(anna);
    event.actor = actor;
    event.subject = subject;
    CHECK(db->write([&](store::Tx& tx) { return store::append_event(tx, event); }));
  };
  append(anna.id, anna.id);
  append(anna.id, jan.id);
  append(jan.id, anna.id);
  append(anna.id, std::nullopt);
  append(std::nullopt, anna.id);
  append(std::nullopt, std::nullopt);
  append(jan.id, jan.id);
  const auto count = [&](const base::Id& id) {
    return db->read([&](store::Tx& tx) { return store::find_events(tx, {.account = id}); }).value().events.size();
  };
  CHECK(count(anna.id) == 5);
  CHECK(count(jan.id) == 3);
  CHECK(db->write([&](store::Tx& tx) { return store::erase_personal(tx, anna.tenant_id, anna.id, noon); }));
  const auto all = db->read([&](store::Tx& tx) { return store::find_events(tx, {}); }).value().events;
  REQUIRE(all.size() == 8);
  for (const auto& event : all) {
    const bool of_anna = event.actor == anna.id || event.subject == anna.id;
    CHECK(event.personal.empty() == of_anna);
  }
  CHECK(verify(*db) == Said{});
}

TEST_CASE("two nodes on one PostgreSQL write one chain") {
  const engines::Postgresql::Place place;
  const auto first = engines::open_or_fail({.url = place.url()});
  const auto second = engines::open_or_fail({.url = place.url()});
  const auto anna = sample::add_account(*first, "anna").value();
  for (int i = 0; i < 20; ++i) {
    CHECK((i % 3 == 0 ? first : second)->write([&](store::Tx& tx) {
      return store::append_event(tx, sample::event_of(anna));
    }));
  }
  CHECK(verify(*first) == Said{});
  CHECK(second->read([](store::Tx& tx) { return store::find_head(tx); }).value()->seq == 20);
}

TEST_CASE_TEMPLATE("an erasure changes no event in the turn of the deletion, and a step no more than it may", E,
                   ON_BOTH_ENGINES) {
  ClosedLog<E> log;
  const auto with_parts = [&] { return log.place.ask("SELECT count(*) FROM audit_event WHERE length(personal) > 0"); };
  {
    const auto db = log.open();
    CHECK(db->write([&](store::Tx& tx) { return store::erase_personal(tx, log.anna.tenant_id, log.anna.id, noon); }));
  }
  CHECK(with_parts() == "20");
  {
    const auto db = log.open();
    CHECK(db->write([](store::Tx& tx) { return store::erase_some_personal(tx, 7); }).value()->events == 7);
  }
  CHECK(with_parts() == "13");
}

TEST_CASE_TEMPLATE("what a deletion erased is hidden from its commit on and gone after small steps", E,
                   ON_BOTH_ENGINES) {
  ClosedLog<E> log;
  const auto in_database = [&](const std::string& what) {
    return std::stoi(log.place.ask("SELECT count(*) FROM audit_event WHERE " + what));
  };
  const std::string anna_has_parts = "length(personal) > 0 AND seq % 2 = 1";
  {
    const auto db = log.open();
    CHECK(db->write([&](store::Tx& tx) { return store::erase_personal(tx, log.anna.tenant_id, log.anna.id, noon); }));
    // Every way to read: by account, by type, by number, and all of them.
    for (const store::AuditFilter& filter :
         {store::AuditFilter{.account = log.anna.id}, store::AuditFilter{.type = "login"}, store::AuditFilter{}}) {
      const auto page = db->read([&](store::Tx& tx) { return store::find_events(tx, filter); }).value();
      REQUIRE_FALSE(page.events.empty());
      for (const auto& event : page.events) CHECK(event.personal.empty() == (event.subject == log.anna.id));
    }
    CHECK(verify(*db) == Said{});
    const auto step = db->write([](store::Tx& tx) { return store::erase_some_personal(tx, 4); });
    CHECK(step.value()->events == 4);
    CHECK_FALSE((*step)->finished);
    CHECK(verify(*db) == Said{});
  }
  CHECK(in_database(anna_has_parts) == 6);
  // Another process continues where the first one ended.
  const auto db = log.open();
  CHECK(db->read([](store::Tx& tx) { return store::is_erasure_due(tx); }).value());
  CHECK(erase_all(*db, 4) == 6);
  CHECK_FALSE(db->read([](store::Tx& tx) { return store::is_erasure_due(tx); }).value());
  CHECK(in_database(anna_has_parts) == 0);
  CHECK(in_database("length(personal) > 0") == 10);
  CHECK(in_database("length(salt) > 0") == 10);
  CHECK(verify(*db) == Said{});
}

TEST_CASE_TEMPLATE("a step that fails in the middle leaves no trace and is done again", E, ON_BOTH_ENGINES) {
  ClosedLog<E> log;
  const auto db = log.open();
  CHECK(db->write([&](store::Tx& tx) { return store::erase_personal(tx, log.anna.tenant_id, log.anna.id, noon); }));
  CHECK_FALSE(db->write([](store::Tx& tx) -> base::Result<void> {
    const auto step = store::erase_some_personal(tx, 4);
    REQUIRE(step);
    return base::fail(base::Code::internal, "the process ends here");
  }));
  CHECK(erase_all(*db, 3) == 10);
  CHECK(verify(*db) == Said{});
}

TEST_CASE_TEMPLATE("events of others that name a deleted account later keep their personal part", E, ON_BOTH_ENGINES) {
  ClosedLog<E> log;
  const auto db = log.open();
  CHECK(db->write([&](store::Tx& tx) { return store::erase_personal(tx, log.anna.tenant_id, log.anna.id, noon); }));
  CHECK(db->write([&](store::Tx& tx) {
    audit::Event event = sample::event_of(log.jan);
    event.subject = log.anna.id;
    return store::append_event(tx, std::move(event));
  }));
  CHECK(erase_all(*db, 100) == 10);
  const auto newest = db->read([](store::Tx& tx) { return store::find_events(tx, {.most = 1}); }).value().events.at(0);
  CHECK_FALSE(newest.personal.empty());
  CHECK(verify(*db) == Said{});
}

TEST_CASE("two nodes erase each event once between them") {
  const engines::Postgresql::Place place;
  const auto first = engines::open_or_fail({.url = place.url()});
  const auto second = engines::open_or_fail({.url = place.url()});
  const auto anna = sample::add_account(*first, "anna").value();
  CHECK(first->write([&](store::Tx& tx) -> base::Result<void> {
    for (int i = 0; i < 60; ++i) RETURN_IF_ERROR(store::append_event(tx, sample::event_of(anna)));
    return store::erase_personal(tx, anna.tenant_id, anna.id, noon);
  }));
  std::size_t of_first = 0;
  std::thread other([&] { of_first = erase_all(*first, 2); });
  const std::size_t of_second = erase_all(*second, 2);
  other.join();
  CHECK(of_first + of_second == 60);
  CHECK(place.ask("SELECT count(*) FROM audit_event WHERE length(personal) > 0") == "0");
  CHECK(verify(*second) == Said{});
}

TEST_CASE("the file of the database holds nothing of what was erased") {
  ClosedLog<engines::Sqlite> log;
  {
    const auto db = log.open();
    CHECK(db->write([&](store::Tx& tx) -> base::Result<void> {
      audit::Event event = sample::event_of(log.anna);
      event.personal = R"({"typed":"a-word-found-nowhere-else"})";
      return store::append_event(tx, std::move(event));
    }));
  }
  const auto holds_word = [&] {
    std::ifstream file(log.place.file(), std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(file), {}};
    return all.find("a-word-found-nowhere-else") != std::string::npos;
  };
  REQUIRE(holds_word());
  {
    const auto db = log.open();
    CHECK(db->write([&](store::Tx& tx) { return store::erase_personal(tx, log.anna.tenant_id, log.anna.id, noon); }));
    erase_all(*db, 100);
  }
  CHECK_FALSE(holds_word());
}

namespace {

/// One event an hour, each with an address and a typed login.
struct OldLog {
  explicit OldLog(store::Store& opened) : db(opened), anna(sample::add_account(opened, "anna").value()) {}
  void append(int hours, int count) {
    REQUIRE(db.write([&](store::Tx& tx) -> base::Result<void> {
      for (int i = 0; i < count; ++i) {
        audit::Event event = sample::event_of(anna);
        event.at = noon + std::chrono::hours(hours + i);
        event.typed = "typed-" + std::to_string(i);
        RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
      }
      return {};
    }));
  }
  /// Erases all parts that are older than `hours` after noon, in steps of five.
  int erase(audit::Part part, int hours) {
    const base::Time before = noon + std::chrono::hours(hours);
    int steps = 0;
    while (db.read([&](store::Tx& tx) { return store::is_too_old(tx, part, before); }).value()) {
      REQUIRE(db.write([&](store::Tx& tx) {
                  return store::erase_some_old(tx, {part, before, anna.tenant_id, before}, 5);
                }).value());
      ++steps;
    }
    return steps;
  }
  /// How many events still hold it: addresses, typed logins.
  std::pair<int, int> count() {
    std::pair<int, int> held;
    REQUIRE(db.read([&](store::Tx& tx) {
      return store::for_each_event(tx, 1, [&](const audit::Event& event) -> base::Result<void> {
        held.first += event.personal.empty() ? 0 : 1;
        held.second += event.typed.empty() ? 0 : 1;
        return {};
      });
    }));
    return held;
  }

  store::Store& db;
  identity::Account anna;
};

}  // namespace

TEST_CASE_TEMPLATE("typed logins and addresses go each at its age in small steps, and the log stays valid", E,
                   ON_BOTH_ENGINES) {
  const typename E::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  OldLog log(*db);
  log.append(0, 24);
  CHECK(log.count() == std::pair(24, 24));
  CHECK(log.erase(audit::Part::typed, 0) == 0);
  CHECK(verify(*db).empty());

  CHECK(log.erase(audit::Part::typed, 12) >= 3);
  CHECK(log.count() == std::pair(24, 12));
  CHECK(verify(*db).empty());
  CHECK(log.erase(audit::Part::addresses, 6) >= 2);
  CHECK(log.count() == std::pair(18, 12));
  CHECK(verify(*db).empty());
  CHECK(log.erase(audit::Part::typed, 12) == 0);

  log.append(24, 3);
  CHECK(log.erase(audit::Part::typed, 48) > 0);
  CHECK(log.count() == std::pair(21, 0));
  CHECK(verify(*db).empty());
}

TEST_CASE_TEMPLATE("an erasure by age goes on where another process stopped, and is recorded once", E,
                   ON_BOTH_ENGINES) {
  const typename E::Place place;
  {
    const auto db = engines::open_or_fail({.url = place.url()});
    OldLog log(*db);
    log.append(0, 20);
    REQUIRE(db->write([&](store::Tx& tx) {
      return store::erase_some_old(tx, {audit::Part::typed, noon + 10h, log.anna.tenant_id, noon}, 5);
    }));
    CHECK(log.count().second == 15);
    CHECK(verify(*db).empty());
  }
  const auto db = engines::open_or_fail({.url = place.url()});
  CHECK(db->read([](store::Tx& tx) { return store::is_too_old(tx, audit::Part::typed, noon); }).value());
  REQUIRE(db->write([&](store::Tx& tx) {
    return store::erase_some_old(tx, {audit::Part::typed, noon + 10h, base::Id(), noon}, 50);
  }));
  CHECK_FALSE(db->read([](store::Tx& tx) { return store::is_too_old(tx, audit::Part::typed, noon + 10h); }).value());
  const auto records = db->read([](store::Tx& tx) {
    store::AuditFilter filter;
    filter.type = audit::type::audit_erase;
    return store::find_events(tx, filter);
  });
  REQUIRE(records.value().events.size() == 1);
  CHECK(records.value().events[0].data == R"({"what":"typed","through":10})");
  CHECK(verify(*db).empty());
}

TEST_CASE_TEMPLATE("an erasure by age ends although a clock was set back meanwhile", E, ON_BOTH_ENGINES) {
  const typename E::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  OldLog log(*db);
  log.append(10, 5);
  log.append(0, 3);
  log.append(20, 1);
  CHECK(log.erase(audit::Part::typed, 12) > 0);
  CHECK(log.count() == std::pair(9, 7));  // an event of 12 o'clock comes before older ones, which wait for it
  CHECK(log.erase(audit::Part::typed, 15) > 0);
  CHECK(log.count() == std::pair(9, 1));
  CHECK(verify(*db).empty());
}

TEST_CASE_TEMPLATE("a typed login that goes without a record, or is changed, shows", E, ON_BOTH_ENGINES) {
  const typename E::Place place;
  const auto say_after = [&](const std::string& change) {
    place.execute(change);
    const auto db = engines::open_or_fail({.url = place.url()});
    return verify(*db);
  };
  {
    const auto db = engines::open_or_fail({.url = place.url()});
    OldLog log(*db);
    log.append(0, 6);
    CHECK(log.erase(audit::Part::typed, 2) > 0);
    CHECK(verify(*db) == Said{});
  }
  CHECK(say_after("UPDATE audit_event SET typed = 'another' WHERE seq = 5") ==
        Said{"the personal part of event 5 was altered"});
  CHECK(say_after("UPDATE audit_event SET typed = '', typed_salt = '' WHERE seq = 5") ==
        Said{"the personal part of event 5 is missing, and no event records its erasure"});
}

TEST_CASE_TEMPLATE("an event of an earlier program loses its one part at the age of typed logins, if it holds one", E,
                   ON_BOTH_ENGINES) {
  const typename E::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  OldLog log(*db);
  REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(
        store::append_event(tx, sample::event_of(log.anna, R"({"ip":"192.0.2.7","typed":"Meadow-Violet"})")));
    return store::append_event(tx, sample::event_of(log.anna));
  }));
  CHECK(log.erase(audit::Part::typed, 1) > 0);
  CHECK(log.count() == std::pair(1, 0));
  CHECK(verify(*db).empty());
}
