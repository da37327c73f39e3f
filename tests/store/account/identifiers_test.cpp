#include "store/account/identifiers.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "store/engines.hpp"
#include "store/sample.hpp"

using sample::noon;

namespace {

/// Runs `work(i)` on a hundred threads that begin together; gives how many succeeded.
template <class F>
int race(F&& work) {
  std::atomic<int> won{0};
  std::atomic<bool> go{false};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 100; ++i) {
    threads.emplace_back([&, i] {
      while (!go) std::this_thread::yield();
      if (work(i)) ++won;
    });
  }
  go = true;
  threads.clear();
  return won;
}

}  // namespace

TEST_CASE_TEMPLATE("of a hundred who want one address at once exactly one gets it", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  std::vector<identity::Account> accounts;
  for (int i = 0; i < 100; ++i) accounts.push_back(sample::add_account(*db, "person" + std::to_string(i)).value());
  const int won = race([&](int i) {
    const auto done = db->write([&](store::Tx& tx) {
      return store::insert_identifier(
          tx,
          {accounts[static_cast<std::size_t>(i)].id, "email", "info@clinic.example", "info@clinic.example", noon, true},
          noon);
    });
    if (!done) CHECK(done.error().code == base::Code::already_exists);
    return done.has_value();
  });
  CHECK(won == 1);
}

TEST_CASE_TEMPLATE("of a hundred persons with one PESEL exactly one is that person", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const base::Id tenant = db->read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value().id;
  const int won = race([&](int) {
    const auto done = db->write([&](store::Tx& tx) -> base::Result<void> {
      identity::Account account = sample::account_of(tenant);
      account.person_id = base::Id::make(noon);
      RETURN_IF_ERROR(store::insert_account(tx, account));
      return store::insert_person_identifier(tx, {*account.person_id, tenant, "Anna", "Kowalska"}, "pesel",
                                             "44051401359", "44051401359", noon);
    });
    if (!done) CHECK(done.error().code == base::Code::already_exists);
    return done.has_value();
  });
  CHECK(won == 1);
}

TEST_CASE_TEMPLATE("a person has one account of each kind, even if two are made at once", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const base::Id tenant = db->read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value().id;
  const base::Id person = base::Id::make(noon);
  const int won = race([&](int i) {
    return db
        ->write([&](store::Tx& tx) -> base::Result<void> {
          identity::Account account = sample::account_of(tenant);
          account.person_id = person;
          account.kind = i % 2 == 0 ? identity::AccountKind::employee : identity::AccountKind::recipient;
          return store::insert_account(tx, account);
        })
        .has_value();
  });
  CHECK(won == 2);
}

TEST_CASE_TEMPLATE("a code has its tries and no more, and is taken once", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  store::PendingAddress pending;
  pending.account_id = anna.id;
  pending.type = "email";
  pending.canonical = pending.display = "new@clinic.example";
  pending.code_hash = std::string(32, 'h');
  pending.expires_at = noon + std::chrono::minutes(15);
  REQUIRE(db->write([&](store::Tx& tx) { return store::put_pending(tx, pending, noon); }));
  CHECK(race([&](int) {
          return db->write([&](store::Tx& tx) { return store::use_try(tx, anna.id, "email", 5); }).value();
        }) == 5);
  CHECK(race([&](int) {
          return db
              ->write(
                  [&](store::Tx& tx) { return store::take_pending(tx, anna.id, "email", std::string(32, 'h'), noon); })
              .value();
        }) == 1);
  REQUIRE(db->write([&](store::Tx& tx) { return store::put_pending(tx, pending, noon); }));
  CHECK_FALSE(db->write([&](store::Tx& tx) {
                  return store::take_pending(tx, anna.id, "email", std::string(32, 'h'),
                                             noon + std::chrono::minutes(15));
                }).value());
}

TEST_CASE_TEMPLATE("a change that was made on an older version is refused", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  REQUIRE(db->write([&](store::Tx& tx) { return store::raise_version(tx, anna.id, anna.version, sample::noon); }));
  const auto late =
      db->write([&](store::Tx& tx) { return store::raise_version(tx, anna.id, anna.version, sample::noon); });
  REQUIRE_FALSE(late);
  CHECK(late.error().code == base::Code::conflict);
}

TEST_CASE_TEMPLATE("an address in another spelling finds the same account", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::insert_identifier(
        tx, {anna.id, "email", "anna@xn--mnchen-3ya.de", "anna@münchen.de", noon, true}, noon));
    return store::insert_identifier(tx, {anna.id, "phone", "+48600123456", "+48 600 123 456", noon, true}, noon);
  }));
  for (const char* typed : {"anna@münchen.de", "anna@xn--mnchen-3ya.de", "+48 600 123 456", "+48600123456"}) {
    const auto found = db->read([&](store::Tx& tx) { return store::find_account_by_login(tx, typed, noon); }).value();
    REQUIRE_MESSAGE(found, typed);
    CHECK(found->id == anna.id);
    CHECK(found->phone == "+48600123456");
  }
}
