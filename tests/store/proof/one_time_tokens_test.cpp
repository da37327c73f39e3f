#include "store/proof/one_time_tokens.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "crypto/digest/digest.hpp"
#include "store/engines.hpp"
#include "store/password/passwords.hpp"
#include "store/sample.hpp"

using sample::noon;
using namespace std::chrono_literals;

namespace {

store::OneTimeToken token_of(const identity::Account& account, const std::string& secret) {
  store::OneTimeToken token;
  token.hash = crypto::sha256(secret);
  token.tenant_id = account.tenant_id;
  token.purpose = "reset";
  token.account_id = account.id;
  token.channel = "email";
  token.data = R"({"address":"anna@example.com"})";
  token.created_at = noon;
  token.expires_at = noon + 30min;
  return token;
}

bool consume(store::Store& db, const std::string& secret, base::Time at, const std::string& purpose = "reset") {
  return db.write([&](store::Tx& tx) { return store::consume_token(tx, crypto::sha256(secret), purpose, at); })
      .value()
      .has_value();
}

}  // namespace

TEST_CASE_TEMPLATE("the reason that an engine gives for a refusal names the table and no value of the row", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto insert = [&] {
    return db->write([&](store::Tx& tx) { return store::insert_token(tx, token_of(anna, "x")); });
  };
  REQUIRE(insert());
  const auto refused = insert();
  REQUIRE_FALSE(refused);
  CAPTURE(refused.error().reason);
  CHECK(refused.error().reason.find("one_time_token") != std::string::npos);
  CHECK(refused.error().reason.find("=(") == std::string::npos);  // "Key (hash)=(…) already exists"
}

TEST_CASE_TEMPLATE("a one-time token works once, in its time, for its purpose", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  for (const char* secret : {"one", "two", "three"}) {
    CHECK(db->write([&](store::Tx& tx) { return store::insert_token(tx, token_of(anna, secret)); }));
  }
  const auto found =
      db->read([](store::Tx& tx) { return store::find_token(tx, crypto::sha256("one"), "reset"); }).value();
  REQUIRE(found);
  CHECK(found->data == R"({"address":"anna@example.com"})");
  CHECK_FALSE(found->consumed_at);
  CHECK_FALSE(consume(*db, "one", noon, "other"));
  CHECK_FALSE(consume(*db, "nothing", noon));
  CHECK(consume(*db, "one", noon));
  CHECK_FALSE(consume(*db, "one", noon));
  CHECK_FALSE(consume(*db, "two", noon + 30min));
  CHECK(consume(*db, "two", noon + 30min - 1ms));
  CHECK(db->write([&](store::Tx& tx) { return store::void_tokens(tx, anna.id, "reset", noon); }));
  CHECK_FALSE(consume(*db, "three", noon));
  const auto twice = db->write([&](store::Tx& tx) { return store::insert_token(tx, token_of(anna, "one")); });
  REQUIRE_FALSE(twice);
  CHECK(twice.error().code == base::Code::already_exists);
  CHECK(db->write([](store::Tx& tx) { return store::delete_old_tokens(tx, noon + 31min); }));
  CHECK_FALSE(db->read([](store::Tx& tx) { return store::find_token(tx, crypto::sha256("one"), "reset"); }).value());
}

TEST_CASE_TEMPLATE("of many that consume a token at once one succeeds", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  CHECK(db->write([&](store::Tx& tx) { return store::insert_token(tx, token_of(anna, "one")); }));
  std::atomic<int> consumed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) threads.emplace_back([&] { consumed += consume(*db, "one", noon) ? 1 : 0; });
  for (auto& thread : threads) thread.join();
  CHECK(consumed == 1);
}

TEST_CASE_TEMPLATE("the history of passwords has each once, the newest first", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto jan = sample::add_account(*db, "jan").value();
  const auto remember = [&](const base::Id& account, const std::string& digest, base::Time at) {
    return db->write([&](store::Tx& tx) { return store::remember_password(tx, account, {digest, "cost", at}); });
  };
  CHECK(remember(anna.id, "first", noon));
  CHECK(remember(anna.id, "second", noon + 1s));
  CHECK(remember(anna.id, "first", noon + 2s));
  CHECK(remember(jan.id, "first", noon));
  const auto former = db->read([&](store::Tx& tx) { return store::list_former_passwords(tx, anna.id); }).value();
  REQUIRE(former.size() == 2);
  CHECK(former[0].digest == "first");
  CHECK(former[0].at == noon + 2s);
  CHECK(former[1].digest == "second");
  CHECK_FALSE(remember(base::Id::make(noon), "first", noon));
}

TEST_CASE_TEMPLATE("a reminder of a password is noted once for each threshold", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  CHECK(db->write([&](store::Tx& tx) {
    return store::set_password(tx, anna.id, base::Secret("$argon2id$x"), identity::PasswordOrigin::own, noon);
  }));
  const auto aging = [&](base::Time until) {
    return db->read([&](store::Tx& tx) { return store::list_aging_passwords(tx, until, base::Id(), 10); })
        .value()
        .passwords;
  };
  CHECK(aging(noon - 1ms).empty());
  REQUIRE(aging(noon).size() == 1);
  const base::Id id = aging(noon)[0].credential_id;
  const auto note = [&](std::int64_t days) {
    return db->write([&](store::Tx& tx) { return store::note_reminder(tx, id, days); }).value();
  };
  CHECK(note(7));
  CHECK_FALSE(note(7));
  CHECK(note(1));
  CHECK_FALSE(note(3));
  CHECK(aging(noon)[0].reminded_days == 1);
}
