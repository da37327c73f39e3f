#include "store/account/search_terms.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

#include "store/account/account_erasure.hpp"
#include "store/account/account_search.hpp"
#include "store/account/identifiers.hpp"
#include "store/driver/sql.hpp"
#include "store/engines.hpp"
#include "store/sample.hpp"

using namespace std::chrono_literals;
using sample::noon;

namespace {

std::vector<base::Id> look(store::Store& db, const base::Id& tenant, const store::TermRange& range,
                           store::AccountState state = store::AccountState::present,
                           std::vector<store::TermRange> others = {}) {
  store::TermLook look{tenant, range, store::start_of(range, false)};
  look.state = state;
  look.now = noon;
  look.others = std::move(others);
  std::vector<base::Id> found;
  const auto rows = db.read([&](store::Tx& tx) { return store::look_at_terms(tx, look); }).value();
  for (const auto& row : rows) {
    if (row.fits) found.push_back(row.place.account_id);
  }
  return found;
}

/// As a search that can find numbers, or as one that cannot.
std::vector<base::Id> find(store::Store& db, const base::Id& tenant, std::string_view word,
                           const std::vector<std::string>& others = {}, bool of_numbers = true) {
  std::vector<store::TermRange> ranges;
  for (const std::string& other : others) ranges.push_back(store::range_of_word(other, of_numbers));
  return look(db, tenant, store::range_of_word(word, of_numbers), store::AccountState::present, std::move(ranges));
}

/// Whether the table holds what the account's data of now give.
bool is_in_line(store::Store& db, const base::Id& account) {
  return db
      .read([&](store::Tx& tx) -> base::Result<bool> {
        ASSIGN_OR_RETURN(const auto stored, store::list_terms(tx, account));
        ASSIGN_OR_RETURN(const auto wanted, store::make_terms(tx, account));
        return stored == wanted && !stored.empty();
      })
      .value();
}

store::PendingAddress pending(const base::Id& account, const std::string& address) {
  store::PendingAddress one;
  one.account_id = account;
  one.type = "email";
  one.canonical = one.display = address;
  one.code_hash = std::string(32, 'h');
  one.expires_at = noon + 1h;
  return one;
}

identity::Account named(const base::Id& tenant, const std::string& given, const std::string& family) {
  identity::Account account = sample::account_of(tenant);
  account.given_name = given;
  account.family_name = family;
  return account;
}

/// As a program before the table left it: accounts without terms, and the mark of the step.
void forget_terms(store::Store& db) {
  REQUIRE(db.write([](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(tx.run("DELETE FROM account_term", {}));
    return store::set_mark(tx, "search terms due after", "");
  }));
}

}  // namespace

TEST_CASE_TEMPLATE("each change of what names an account changes its terms in the same transaction", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna.k").value();
  const auto tenant = anna.tenant_id;
  const auto run = [&](auto change) {
    REQUIRE(db->write(change));
    CHECK(is_in_line(*db, anna.id));
  };
  CHECK(is_in_line(*db, anna.id));
  CHECK(find(*db, tenant, "kowal") == std::vector{anna.id});
  run([&](store::Tx& tx) { return store::put_pending(tx, pending(anna.id, "first@clinic.example"), noon); });
  CHECK(find(*db, tenant, "first@") == std::vector{anna.id});
  run([&](store::Tx& tx) { return store::put_pending(tx, pending(anna.id, "second@clinic.example"), noon); });
  CHECK(find(*db, tenant, "first").empty());
  run([&](store::Tx& tx) { return store::drop_pending(tx, anna.id, "email"); });
  CHECK(find(*db, tenant, "second").empty());
  run([&](store::Tx& tx) { return store::put_pending(tx, pending(anna.id, "third@clinic.example"), noon); });
  run([&](store::Tx& tx) { return store::take_pending(tx, anna.id, "email", std::string(32, 'h'), noon); });
  CHECK(find(*db, tenant, "third").empty());
  run([&](store::Tx& tx) {
    return store::insert_identifier(tx, {anna.id, "phone", "+48600100200", "+48 600 100 200", noon}, noon);
  });
  CHECK(find(*db, tenant, "600100") == std::vector{anna.id});
  CHECK(find(*db, tenant, "48600100") == std::vector{anna.id});
  run([&](store::Tx& tx) { return store::delete_identifier(tx, anna.id, "phone", "+48600100200"); });
  CHECK(find(*db, tenant, "600100").empty());
  run([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, anna.id));
    const store::Person person{*account->person_id, tenant, "", ""};
    return store::insert_person_identifier(tx, person, "pesel", "44051401359", "44051401359", noon);
  });
  CHECK(find(*db, tenant, "440514") == std::vector{anna.id});
  run([&](store::Tx& tx) {
    return store::insert_certificate(tx, anna.id, {std::string(64, 'f'), "der", "s", "i", "1", noon, noon}, noon);
  });
  CHECK(find(*db, tenant, "ffff") == std::vector{anna.id});
  run([&](store::Tx& tx) { return store::delete_certificate(tx, anna.id, std::string(64, 'f')); });
  run([&](store::Tx& tx) {
    return store::set_account_status(tx, anna.id, identity::AccountStatus::suspended_self, noon, anna.id);
  });
  CHECK(look(*db, tenant, store::whole_range(store::term_kind::suspended)) == std::vector{anna.id});
}

TEST_CASE_TEMPLATE("an identifier of a person finds all accounts of the person", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  auto second = sample::account_of(anna.tenant_id);
  second.kind = identity::AccountKind::recipient;
  REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, anna.id));
    second.person_id = account->person_id;
    RETURN_IF_ERROR(store::insert_account(tx, second));
    const store::Person person{*account->person_id, anna.tenant_id, "", ""};
    return store::insert_person_identifier(tx, person, "pesel", "44051401359", "44051401359", noon);
  }));
  CHECK(find(*db, anna.tenant_id, "44051401359").size() == 2);
  CHECK(is_in_line(*db, anna.id));
  CHECK(is_in_line(*db, second.id));
}

TEST_CASE_TEMPLATE("a deleted account leaves no word in the table, only its place among the deleted", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::set_account_status(tx, anna.id, identity::AccountStatus::deleted, noon, anna.id));
    return store::erase_account(tx, anna.id);
  }));
  const auto left = db->read([&](store::Tx& tx) { return store::list_terms(tx, anna.id); }).value();
  REQUIRE(left.size() == 1);
  CHECK(left.begin()->kind == "deleted");
  CHECK(left.begin()->term == std::string(anna.id.bytes()));
  CHECK(is_in_line(*db, anna.id));
}

TEST_CASE_TEMPLATE("a change that fails leaves the terms as they were", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  CHECK_FALSE(db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::put_pending(tx, pending(anna.id, "first@clinic.example"), noon));
    return base::fail(base::Code::denied, "changed the mind");
  }));
  CHECK(find(*db, anna.tenant_id, "first").empty());
  CHECK(is_in_line(*db, anna.id));
}

TEST_CASE_TEMPLATE("two changes of one account at the same time leave the terms of both", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&, i] {
      const std::string login = "login" + std::to_string(i);
      const auto done = db->write([&](store::Tx& tx) -> base::Result<void> {
        RETURN_IF_ERROR(store::insert_identifier(tx, {anna.id, "login", login, login, noon, true}, noon));
        return i % 2 == 0 ? store::delete_identifier(tx, anna.id, "login", login) : base::Result<void>();
      });
      CHECK(done);
    });
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(is_in_line(*db, anna.id));
  CHECK(find(*db, anna.tenant_id, "login1") == std::vector{anna.id});
  CHECK(find(*db, anna.tenant_id, "login2").empty());
}

TEST_CASE_TEMPLATE("each word must begin a term, and an account is found once, whatever else begins alike", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto tenant = sample::add_account(*db, "kowal.kowalski.kowalczyk").value().tenant_id;
  const auto jan = named(tenant, "Jan", "Nowak");
  REQUIRE(db->write([&](store::Tx& tx) { return store::insert_account(tx, jan); }));
  CHECK(find(*db, tenant, "kowal").size() == 1);
  CHECK(find(*db, tenant, "j", {"nowak"}) == std::vector{jan.id});
  CHECK(find(*db, tenant, "jan", {"n", "no", "nowa"}) == std::vector{jan.id});
  CHECK(find(*db, tenant, "jan", {"n", "no", "kowal"}).empty());
  CHECK(find(*db, tenant, "nowak", {"jab"}).empty());
  CHECK(find(*db, base::Id::make(noon), "nowak").empty());
}

TEST_CASE_TEMPLATE("a look that must not find numbers passes over them, as the first word and as any other", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna.k").value();
  REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, anna.id));
    const store::Person person{*account->person_id, anna.tenant_id, "", ""};
    return store::insert_person_identifier(tx, person, "pesel", "44051401359", "44051401359", noon);
  }));
  const auto found = [&](std::string_view word, const std::vector<std::string>& others, bool of_numbers) {
    return find(*db, anna.tenant_id, word, others, of_numbers) == std::vector{anna.id};
  };
  for (const bool of_numbers : {true, false}) {
    CHECK(found("44051401359", {}, of_numbers) == of_numbers);
    CHECK(found("anna", {"44"}, of_numbers) == of_numbers);
    CHECK(found("anna", {"anna.k", "44"}, of_numbers) == of_numbers);
    CHECK(found("anna", {"anna.k", "kow", "44"}, of_numbers) == of_numbers);
    CHECK(found("anna", {"kow"}, of_numbers));
  }
  // An account whose first term in the range is a number is found by its next one.
  REQUIRE(db->write([&](store::Tx& tx) {
    return store::insert_identifier(tx, {anna.id, "phone", "+48440514999", "+48 440 514 999", noon}, noon);
  }));
  CHECK(found("4405", {}, false));
}

TEST_CASE_TEMPLATE("accounts are found by their state: active, locked and suspended", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto jan = sample::add_account(*db, "jan").value();
  const auto ewa = sample::add_account(*db, "ewa").value();
  REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::set_account_status(tx, jan.id, identity::AccountStatus::suspended_self, noon, jan.id));
    return store::set_failures(tx, ewa.id, {5, noon + 1min, true});
  }));
  const auto of = [&](store::AccountState state) {
    return look(*db, anna.tenant_id, store::range_of_word("kow", false), state);
  };
  CHECK(of(store::AccountState::suspended) == std::vector{jan.id});
  CHECK(of(store::AccountState::locked) == std::vector{ewa.id});
  CHECK(of(store::AccountState::active).size() == 2);
  CHECK(of(store::AccountState::deleted).empty());
}

TEST_CASE_TEMPLATE("a look passes so many rows, whether they fit or not, and goes on forwards and backwards", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  base::Id tenant;
  for (const char* login : {"anna", "jan", "ewa", "ola", "adam"}) {
    tenant = sample::add_account(*db, login).value().tenant_id;
  }
  std::vector<std::vector<base::Id>> both;
  for (const bool backward : {false, true}) {
    const store::TermRange range = store::whole_range(store::term_kind::created);
    store::TermLook look{tenant, range, store::start_of(range, backward)};
    look.backward = backward;
    look.most = 2;
    look.state = store::AccountState::locked;  // none fits
    std::vector<base::Id> passed;
    for (;;) {
      const auto rows = db->read([&](store::Tx& tx) { return store::look_at_terms(tx, look); }).value();
      for (const auto& row : rows) {
        passed.push_back(row.place.account_id);
        CHECK(row.is_first);
        CHECK_FALSE(row.fits);
      }
      if (rows.size() < 2) break;
      look.place = rows.back().place;
    }
    both.push_back(passed);
  }
  CHECK(both[0].size() == 5);
  std::reverse(both[1].begin(), both[1].end());
  CHECK(both[0] == both[1]);
}

TEST_CASE_TEMPLATE("accounts of an earlier program get their terms in steps, wherever the process was killed", E,
                   ON_BOTH_ENGINES) {
  const typename E::Place place;
  std::vector<base::Id> accounts;
  {
    const auto db = engines::open_or_fail({.url = place.url()});
    for (int i = 0; i < 7; ++i) accounts.push_back(sample::add_account(*db, "p" + std::to_string(i)).value().id);
    forget_terms(*db);
  }
  int steps = 0;
  for (bool more = true; more; ++steps) {
    const auto db = engines::open_or_fail({.url = place.url()});  // each step in a process of its own
    CHECK(db->read([](store::Tx& tx) { return store::are_terms_due(tx); }).value());
    // A step that does not end leaves nothing behind.
    CHECK_FALSE(db->write([](store::Tx& tx) -> base::Result<void> {
      RETURN_IF_ERROR(store::fill_some_terms(tx, 2));
      return base::fail(base::Code::unavailable, "killed");
    }));
    more = db->write([](store::Tx& tx) { return store::fill_some_terms(tx, 2); }).value();
  }
  CHECK(steps == 4);
  const auto db = engines::open_or_fail({.url = place.url()});
  CHECK_FALSE(db->read([](store::Tx& tx) { return store::are_terms_due(tx); }).value());
  for (const base::Id& account : accounts) CHECK(is_in_line(*db, account));
}

TEST_CASE_TEMPLATE("what a program without terms changed is found by a comparison", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto jan = sample::add_account(*db, "jan").value();
  REQUIRE(db->write([&](store::Tx& tx) {
    return tx.run("UPDATE identifier SET display = $2, canonical = $2 WHERE account_id = $1",
                  {jan.id, std::string_view("janusz")});
  }));
  const auto check = [&] {
    return db->read([&](store::Tx& tx) { return store::check_some_terms(tx, base::Id(), 10); }).value();
  };
  CHECK(check().differing == std::vector{jan.id});
  REQUIRE(db->write([&](store::Tx& tx) { return store::refresh_terms(tx, jan.id); }));
  CHECK(check().differing.empty());
  CHECK_FALSE(check().more);
  CHECK(find(*db, anna.tenant_id, "janus") == std::vector{jan.id});
}
