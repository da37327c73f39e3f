// Rows that are kept between transactions: nobody is ever given one that a finished write has changed.
#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <optional>
#include <thread>
#include <vector>

#include "store/account/contexts.hpp"
#include "store/engine/kept_scope.hpp"
#include "store/engines.hpp"
#include "store/oauth/revoked_tokens.hpp"
#include "store/sample.hpp"

namespace {

const base::Id portal = base::Id::make(sample::noon);

using Found = base::Result<std::optional<rights::Client>>;

Found look(store::Tx& tx) {
  return store::find_client(tx, portal);
}
std::string name_of_portal(store::Store& db) {
  const Found found = db.read(look);
  REQUIRE(found);
  return *found ? (*found)->name : "none";
}
void add_portal(store::Store& db) {
  REQUIRE(db.write([](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto tenant, store::find_first_tenant(tx));
    rights::Client client = sample::client_of(tenant.id, "portal");
    client.id = portal;
    return store::insert_client(tx, client, sample::noon);
  }));
}
base::Result<void> rename(store::Tx& tx, const std::string& name) {
  ASSIGN_OR_RETURN(auto client, look(tx));
  client->name = name;
  return store::update_client(tx, *client, sample::noon);
}

}  // namespace

TEST_CASE_TEMPLATE("a read that follows a write is given what was written, however often it was read before", E,
                   ON_BOTH_ENGINES) {
  const store::KeptScope kept;
  const typename E::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  CHECK(name_of_portal(*db) == "none");
  CHECK(name_of_portal(*db) == "none");
  add_portal(*db);
  for (const std::string name : {"One", "Two", "Three"}) {
    REQUIRE(db->write([&](store::Tx& tx) { return rename(tx, name); }));
    CHECK(name_of_portal(*db) == name);
    CHECK(name_of_portal(*db) == name);
  }
}

TEST_CASE_TEMPLATE("a write that was rolled back, alone or beside others, changes nothing of what is read", E,
                   ON_BOTH_ENGINES) {
  const store::KeptScope kept;
  const typename E::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  add_portal(*db);
  CHECK(name_of_portal(*db) == "Portal");
  const auto refused = db->write([](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(rename(tx, "Never"));
    return base::fail(base::Code::denied, "no");
  });
  CHECK_FALSE(refused);
  CHECK(name_of_portal(*db) == "Portal");
}

TEST_CASE("what is kept is not read from the database again, until its table is changed") {
  const store::KeptScope kept;
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  add_portal(*db);
  CHECK(name_of_portal(*db) == "Portal");
  const auto count = [&] {
    const std::uint64_t before = store::statements_run();
    CHECK(name_of_portal(*db) == "Portal");
    return store::statements_run() - before;
  };
  CHECK(count() == 0);
  REQUIRE(db->write([](store::Tx& tx) { return store::set_mark(tx, "x", "1"); }));
  CHECK(count() == 0);
  REQUIRE(db->write([](store::Tx& tx) { return rename(tx, "Portal"); }));
  CHECK(count() == 1);
  CHECK(count() == 0);
}

TEST_CASE_TEMPLATE("a write sees what it, or another one of the same commit, has changed before it", E,
                   ON_BOTH_ENGINES) {
  const store::KeptScope kept;
  const typename E::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  add_portal(*db);
  CHECK(name_of_portal(*db) == "Portal");
  const auto seen = db->write([](store::Tx& tx) -> base::Result<std::string> {
    RETURN_IF_ERROR(look(tx));
    RETURN_IF_ERROR(rename(tx, "Mine"));
    ASSIGN_OR_RETURN(const auto found, look(tx));
    return found->name;
  });
  CHECK(seen.value() == "Mine");
  {
    // Both writes are of one commit, which comes at the end.
    store::Store::Deferral deferral(*db);
    REQUIRE(db->write([](store::Tx& tx) { return rename(tx, "First"); }));
    const auto second = db->write([](store::Tx& tx) -> base::Result<std::string> {
      ASSIGN_OR_RETURN(const auto found, look(tx));
      return found->name;
    });
    CHECK(second.value() == "First");
    const auto refused = db->write([](store::Tx& tx) -> base::Result<void> {
      RETURN_IF_ERROR(rename(tx, "Never"));
      return base::fail(base::Code::denied, "no");
    });
    CHECK_FALSE(refused);
    const auto third = db->write([](store::Tx& tx) -> base::Result<std::string> {
      ASSIGN_OR_RETURN(const auto found, look(tx));
      return found->name;
    });
    CHECK(third.value() == "First");
  }
  CHECK(name_of_portal(*db) == "First");
}

TEST_CASE("outside of the scope each read asks the database, so that its time tells nothing") {
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  add_portal(*db);
  for (int i = 0; i < 3; ++i) {
    const std::uint64_t before = store::statements_run();
    CHECK(name_of_portal(*db) == "Portal");
    CHECK(store::statements_run() == before + 1);
  }
}

TEST_CASE("a server that shares its database keeps nothing") {
  const store::KeptScope kept;
  const engines::Postgresql::Place place;
  const auto here = engines::open_or_fail({.url = place.url()});
  const auto there = engines::open_or_fail({.url = place.url()});
  add_portal(*here);
  CHECK(name_of_portal(*there) == "Portal");
  REQUIRE(here->write([](store::Tx& tx) { return rename(tx, "Elsewhere"); }));
  CHECK(name_of_portal(*there) == "Elsewhere");
}

TEST_CASE("what a transaction reads in its old snapshot is not kept for those that begin after the change") {
  const store::KeptScope kept;
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url(), .readers = 4});
  add_portal(*db);
  const auto seen = db->read([&](store::Tx& tx) -> base::Result<std::string> {
    // The snapshot begins with the first statement.
    RETURN_IF_ERROR(store::find_mark(tx, "x"));
    std::async(std::launch::async, [&] {
      const store::KeptScope of_thread;
      CHECK(db->write([](store::Tx& other) { return rename(other, "Changed"); }));
    }).get();
    ASSIGN_OR_RETURN(const auto old, look(tx));
    return old->name;
  });
  REQUIRE(seen);
  CHECK(*seen == "Portal");
  CHECK(name_of_portal(*db) == "Changed");
}

TEST_CASE("a withdrawn token is told as withdrawn by the next question") {
  const store::KeptScope kept;
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  const auto is_revoked = [&](const std::string& jti) {
    const auto told = db->read([&](store::Tx& tx) { return store::is_token_revoked(tx, jti); });
    REQUIRE(told);
    return *told;
  };
  CHECK_FALSE(is_revoked("one"));
  CHECK_FALSE(is_revoked("other"));
  REQUIRE(db->write([](store::Tx& tx) { return store::revoke_token(tx, "one", sample::noon); }));
  CHECK(is_revoked("one"));
  CHECK_FALSE(is_revoked("other"));
}

TEST_CASE_TEMPLATE("a context that was given for a time is given until its end, although it is kept", E,
                   ON_BOTH_ENGINES) {
  const store::KeptScope kept;
  const typename E::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  const auto account = sample::add_account(*db, "anna");
  REQUIRE(account);
  const base::Time end = sample::noon + std::chrono::hours(1);
  const auto context = db->write([&](store::Tx& tx) -> base::Result<rights::ActingContext> {
    rights::ActingContext nurse;
    nurse.id = base::Id::make(sample::noon);
    nurse.tenant_id = account->tenant_id;
    nurse.key = "nurse";
    nurse.name = "Nurse";
    nurse.role = "user";
    RETURN_IF_ERROR(store::insert_context(tx, nurse));
    RETURN_IF_ERROR(store::write_context_term(tx, account->id, {nurse.id, sample::noon, end}));
    return nurse;
  });
  REQUIRE(context);
  const auto holds = [&](base::Time now) {
    const auto found =
        db->read([&](store::Tx& tx) { return store::find_context_of(tx, account->id, context->id, now); });
    REQUIRE(found);
    return found->has_value();
  };
  CHECK_FALSE(holds(sample::noon - std::chrono::seconds(1)));
  CHECK(holds(sample::noon));
  CHECK(holds(end - std::chrono::seconds(1)));
  CHECK_FALSE(holds(end));
}

TEST_CASE("readers beside a writer never see a name that is older than one that was finished before they asked") {
  const store::KeptScope kept;
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url(), .readers = 4});
  add_portal(*db);
  REQUIRE(db->write([](store::Tx& tx) { return rename(tx, "0"); }));
  std::atomic<int> finished{0};
  std::atomic<bool> ends{false};
  std::atomic<int> stale{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      const store::KeptScope of_thread;
      while (!ends) {
        const int before = finished;
        const Found found = db->read(look);
        if (!found || !*found || std::stoi((*found)->name) < before) ++stale;
      }
    });
  }
  for (int i = 1; i <= 300; ++i) {
    CHECK(db->write([&](store::Tx& tx) { return rename(tx, std::to_string(i)); }));
    finished = i;
  }
  ends = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(stale == 0);
}
