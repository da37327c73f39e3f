#include "store/account/accounts.hpp"

#include <doctest/doctest.h>

#include "rights/role.hpp"
#include "store/account/contexts.hpp"
#include "store/account/statistics.hpp"
#include "store/engines.hpp"
#include "store/password/passwords.hpp"
#include "store/proof/throttling.hpp"
#include "store/sample.hpp"

using sample::noon;

TEST_CASE_TEMPLATE("an account is found by its login, with name and identifiers", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  CHECK(db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(
        store::insert_identifier(tx, {anna.id, "email", "anna@example.com", "Anna@example.com", noon, true}, noon));
    return store::insert_identifier(tx, {anna.id, "phone", "+48601", "+48 601", std::nullopt, false}, noon);
  }));
  for (const char* typed : {"anna", "anna@example.com"}) {
    const auto found = db->read([&](store::Tx& tx) { return store::find_account_by_login(tx, typed, noon); }).value();
    REQUIRE(found);
    CHECK(found->id == anna.id);
    CHECK(found->display_name() == "Anna Kowalska");
    CHECK(found->login == "anna");
    CHECK(found->email == "Anna@example.com");
    CHECK(found->email_verified);
    CHECK(found->phone == "+48601");
    CHECK_FALSE(found->phone_verified);
    CHECK(found->created_at == noon);
  }
  CHECK_FALSE(db->read([&](store::Tx& tx) { return store::find_account_by_login(tx, "+48601", noon); }).value());
  CHECK_FALSE(db->read([&](store::Tx& tx) { return store::find_account_by_login(tx, "nobody", noon); }).value());
  CHECK_FALSE(db->read([&](store::Tx& tx) { return store::find_account(tx, base::Id::make(noon)); }).value());
}

TEST_CASE_TEMPLATE("a login that is the address of another account means the login", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto jan = sample::add_account(*db, "x@example.com").value();
  CHECK(db->write([&](store::Tx& tx) {
    return store::insert_identifier(tx, {anna.id, "email", "x@example.com", "x@example.com", noon, true}, noon);
  }));
  const auto found = db->read([&](store::Tx& tx) { return store::find_account_by_login(tx, "x@example.com", noon); });
  CHECK(found.value()->id == jan.id);
}

TEST_CASE_TEMPLATE("two domains that fold into one are two accounts' addresses, and each owner finds his own", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto with_eszett = sample::add_account(*db, "jan").value();
  const auto with_ss = sample::add_account(*db, "other").value();
  REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::insert_identifier(
        tx, {with_eszett.id, "email", "jan@xn--strae-oqa.pl", "jan@straße.pl", noon, true}, noon));
    return store::insert_identifier(tx, {with_ss.id, "email", "jan@strasse.pl", "jan@strasse.pl", noon, true}, noon);
  }));
  const auto found_by = [&](const char* typed) {
    return db->read([&](store::Tx& tx) { return store::find_account_by_login(tx, typed, noon); }).value().value().id;
  };
  for (const char* typed : {"jan@straße.pl", "JAN@Straße.pl", "jan@xn--strae-oqa.pl"})
    CHECK_MESSAGE(found_by(typed) == with_eszett.id, typed);
  for (const char* typed : {"jan@strasse.pl", "JAN@STRASSE.PL"}) CHECK_MESSAGE(found_by(typed) == with_ss.id, typed);
}

TEST_CASE_TEMPLATE("a login is taken only once in the whole system", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto second = sample::add_account(*db, "anna");
  REQUIRE_FALSE(second);
  CHECK(second.error().code == base::Code::already_exists);
  CHECK(second.error().reason == "login: taken");
  CHECK(db->read([&](store::Tx& tx) { return store::list_accounts(tx, base::Id(), 10); }).value().size() == 1);
  const auto again = db->write([&](store::Tx& tx) { return store::insert_account(tx, anna); });
  REQUIRE_FALSE(again);
  CHECK(again.error().code == base::Code::already_exists);
}

TEST_CASE_TEMPLATE("accounts are listed page by page in order of their making", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  for (int i = 0; i < 7; ++i) REQUIRE(sample::add_account(*db, "account-" + std::to_string(i)));
  std::vector<std::string> logins;
  base::Id after;
  for (;;) {
    const auto page = db->read([&](store::Tx& tx) { return store::list_accounts(tx, after, 3); }).value();
    if (page.empty()) break;
    CHECK(page.size() <= 3);
    for (const auto& account : page) logins.push_back(account.login);
    after = page.back().id;
  }
  std::sort(logins.begin(), logins.end());
  REQUIRE(logins.size() == 7);
  CHECK(logins.front() == "account-0");
  CHECK(logins.back() == "account-6");
}

TEST_CASE_TEMPLATE("status, lockout, locale and stamp of an account are kept", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  CHECK(db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(
        store::set_account_status(tx, anna.id, identity::AccountStatus::suspended_admin, noon, std::nullopt));
    RETURN_IF_ERROR(store::raise_security_stamp(tx, anna.id));
    RETURN_IF_ERROR(store::set_failures(tx, anna.id, {3, noon + std::chrono::minutes(15), true}));
    return store::set_locale(tx, anna.id, "pl");
  }));
  const auto found = db->read([&](store::Tx& tx) { return store::find_account(tx, anna.id); }).value().value();
  CHECK(found.status == identity::AccountStatus::suspended_admin);
  CHECK(found.status_at == noon);
  CHECK(found.security_stamp == anna.security_stamp + 1);
  CHECK(found.failures == 3);
  CHECK(found.locked_until == noon + std::chrono::minutes(15));
  CHECK(found.locale == "pl");
  const auto nobody = db->write([&](store::Tx& tx) { return store::set_locale(tx, base::Id::make(noon), "pl"); });
  CHECK(nobody.error().code == base::Code::not_found);
}

TEST_CASE_TEMPLATE("a password lies sealed in the database and is replaced whole", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const base::Secret first("$argon2id$first");
  const base::Secret second("$argon2id$second");
  const auto set = [&](const base::Secret& phc, identity::PasswordOrigin origin) {
    return db->write([&](store::Tx& tx) { return store::set_password(tx, anna.id, phc, origin, noon); });
  };
  const auto find = [&] { return db->read([&](store::Tx& tx) { return store::find_password(tx, anna.id); }).value(); };
  CHECK_FALSE(find());
  CHECK(set(first, identity::PasswordOrigin::initial));
  CHECK(find()->phc == first);
  CHECK(find()->origin == identity::PasswordOrigin::initial);
  CHECK(find()->set_at == noon);
  CHECK(set(second, identity::PasswordOrigin::own));
  CHECK(find()->phc == second);
  CHECK(find()->origin == identity::PasswordOrigin::own);

  const base::Secret rehashed("$argon2id$rehashed");
  CHECK(db->write([&](store::Tx& tx) { return store::replace_hash(tx, anna.id, first, rehashed); }));
  CHECK(find()->phc == second);  // changed meanwhile: the re-hash is late
  CHECK(db->write([&](store::Tx& tx) { return store::replace_hash(tx, anna.id, second, rehashed); }));
  CHECK(find()->phc == rehashed);
}

TEST_CASE_TEMPLATE("a context is the account's only from when it was given", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  rights::ActingContext doctor;
  doctor.id = base::Id::make(noon);
  doctor.tenant_id = anna.tenant_id;
  doctor.key = "doctor";
  doctor.name = "Doctor";
  doctor.role = rights::role::account_administrator;
  doctor.methods = {"password", "x509"};
  doctor.level = 2;
  CHECK(db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::insert_context(tx, doctor));
    return store::give_context(tx, anna.id, doctor.id, noon);
  }));
  const auto early = noon - std::chrono::seconds(1);
  CHECK(db->read([&](store::Tx& tx) { return store::list_contexts(tx, anna.id, early); }).value().empty());
  CHECK_FALSE(db->read([&](store::Tx& tx) { return store::find_context_of(tx, anna.id, doctor.id, early); }).value());
  const auto offered = db->read([&](store::Tx& tx) { return store::list_contexts(tx, anna.id, noon); }).value();
  REQUIRE(offered.size() == 1);
  CHECK(offered[0].key == "doctor");
  CHECK(offered[0].role == rights::role::account_administrator);
  CHECK(rights::allows(offered[0], rights::Permission::manage_accounts));
  CHECK(offered[0].methods == std::vector<std::string>{"password", "x509"});
  CHECK(offered[0].level == 2);
  CHECK(db->read([&](store::Tx& tx) { return store::find_context_of(tx, anna.id, doctor.id, noon); }).value());
  CHECK(db->read([&](store::Tx& tx) { return store::find_context_by_key(tx, anna.tenant_id, "doctor"); }).value());
  CHECK(db->write([&](store::Tx& tx) { return store::insert_context(tx, doctor); }).error().code ==
        base::Code::already_exists);
  CHECK(db->write([&](store::Tx& tx) { return store::give_context(tx, anna.id, doctor.id, noon); }));
}

TEST_CASE_TEMPLATE("failures are counted until a login succeeds", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto record = [&](bool success, base::Time at) {
    return db->write([&](store::Tx& tx) { return store::record_login(tx, anna.id, "own", success, "192.0.2.7", at); });
  };
  const auto find = [&] {
    return db->read([&](store::Tx& tx) { return store::find_statistics(tx, anna.id, "own"); }).value();
  };
  CHECK(find().failures_since_success == 0);
  CHECK(record(false, noon));
  CHECK(record(false, noon + std::chrono::seconds(1)));
  CHECK(find().failures_since_success == 2);
  CHECK(find().last_failure == noon + std::chrono::seconds(1));
  CHECK_FALSE(find().last_success);
  CHECK(record(true, noon + std::chrono::seconds(2)));
  CHECK(find().failures_since_success == 0);
  CHECK(find().last_success == noon + std::chrono::seconds(2));
  CHECK(find().last_success_ip == "192.0.2.7");
  CHECK(find().last_failure == noon + std::chrono::seconds(1));
}

TEST_CASE_TEMPLATE("hits are counted in a window that starts at the first", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const std::string key(32, '\xfe');
  const auto hit = [&](base::Time at) {
    return db->write([&](store::Tx& tx) { return store::count_in_window(tx, key, std::chrono::minutes(1), at); })
        .value();
  };
  CHECK(hit(noon) == 1);
  CHECK(hit(noon + std::chrono::seconds(30)) == 2);
  CHECK(hit(noon + std::chrono::seconds(59)) == 3);
  CHECK(hit(noon + std::chrono::seconds(60)) == 1);
  CHECK(hit(noon + std::chrono::seconds(61)) == 2);
  CHECK(db->write([&](store::Tx& tx) { return store::delete_old_throttles(tx, noon + std::chrono::minutes(3)); }));
  CHECK(hit(noon + std::chrono::seconds(62)) == 1);
}
