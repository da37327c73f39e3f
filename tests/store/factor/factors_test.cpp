#include "store/factor/factors.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "crypto/digest/digest.hpp"
#include "store/account/account_erasure.hpp"
#include "store/engines.hpp"
#include "store/password/passwords.hpp"
#include "store/proof/one_time_tokens.hpp"
#include "store/sample.hpp"

using identity::FactorKind;
using sample::noon;
using namespace std::chrono_literals;

namespace {

store::Factor factor_of(const identity::Account& account, FactorKind kind, const std::string& data,
                        const std::string& lookup = {}) {
  store::Factor factor;
  factor.id = base::Id::make(noon);
  factor.account_id = account.id;
  factor.kind = kind;
  factor.label = "Phone";
  factor.data = base::Secret(data);
  factor.lookup = lookup;
  return factor;
}

base::Result<void> insert(store::Store& db, const store::Factor& factor) {
  return db.write([&](store::Tx& tx) { return store::insert_factor(tx, factor, noon); });
}
std::vector<store::Factor> list(store::Store& db, const base::Id& account_id) {
  return db.read([&](store::Tx& tx) { return store::list_factors(tx, account_id); }).value();
}

/// How many of the threads that all do the same on their own store succeed.
template <class F>
int count_winners(const std::vector<store::Store*>& nodes, F&& attempt) {
  std::atomic<int> won{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    store::Store& node = *nodes[static_cast<std::size_t>(i) % nodes.size()];
    threads.emplace_back([&] {
      if (attempt(node)) ++won;
    });
  }
  for (std::thread& one : threads) one.join();
  return won;
}

}  // namespace

TEST_CASE_TEMPLATE("factors are kept beside the password, sealed, and those of others are not found", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto jan = sample::add_account(*db, "jan").value();
  const store::Factor app = factor_of(anna, FactorKind::totp, "secret of the app");
  const store::Factor key = factor_of(anna, FactorKind::passkey, "data of the passkey", "credential id");
  REQUIRE(insert(*db, app));
  REQUIRE(insert(*db, key));
  REQUIRE(insert(*db, factor_of(jan, FactorKind::totp, "other secret")));
  const auto found = list(*db, anna.id);
  REQUIRE(found.size() == 2);
  CHECK(found.front().label == "Phone");
  CHECK(found.front().created_at == noon);
  CHECK_FALSE(found.front().last_used_at.has_value());
  const auto of_kind = db->read([&](store::Tx& tx) { return store::list_factors(tx, anna.id, FactorKind::totp); });
  REQUIRE(of_kind.value().size() == 1);
  CHECK(of_kind.value().front().data.reveal() == "secret of the app");
  const auto by_lookup = db->read([&](store::Tx& tx) { return store::find_passkey(tx, "credential id"); }).value();
  REQUIRE(by_lookup);
  CHECK(by_lookup->account_id == anna.id);
  CHECK_FALSE(db->read([&](store::Tx& tx) { return store::find_passkey(tx, ""); }).value());
  CHECK_FALSE(db->read([&](store::Tx& tx) { return store::find_factor(tx, jan.id, app.id); }).value());
  const auto touch = [&](auto change) { return db->write(change).value(); };
  CHECK_FALSE(touch([&](store::Tx& tx) { return store::rename_factor(tx, jan.id, app.id, "x"); }));
  CHECK_FALSE(touch([&](store::Tx& tx) { return store::delete_factor(tx, jan.id, app.id); }));
  CHECK(touch([&](store::Tx& tx) { return store::rename_factor(tx, anna.id, app.id, "Old"); }));
  CHECK(touch([&](store::Tx& tx) { return store::delete_factor(tx, anna.id, app.id); }));
  CHECK(list(*db, anna.id).size() == 1);
  CHECK(list(*db, jan.id).size() == 1);
}

TEST_CASE_TEMPLATE("a credential id is in use once in the whole system", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto jan = sample::add_account(*db, "jan").value();
  REQUIRE(insert(*db, factor_of(anna, FactorKind::passkey, "x", "id")));
  const auto second = insert(*db, factor_of(jan, FactorKind::passkey, "y", "id"));
  REQUIRE_FALSE(second);
  CHECK(second.error().code == base::Code::already_exists);
  // Apps have none, and do not stand in each other's way.
  CHECK(insert(*db, factor_of(anna, FactorKind::totp, "x")));
  CHECK(insert(*db, factor_of(jan, FactorKind::totp, "y")));
}

TEST_CASE_TEMPLATE("a counter only rises", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const store::Factor app = factor_of(anna, FactorKind::totp, "x");
  REQUIRE(insert(*db, app));
  const auto raise = [&](std::int64_t to) {
    return db->write([&](store::Tx& tx) { return store::raise_counter(tx, app.id, to, noon + 1min); }).value();
  };
  CHECK(raise(5));
  CHECK_FALSE(raise(5));
  CHECK_FALSE(raise(4));
  CHECK(raise(6));
  CHECK(list(*db, anna.id).front().counter == 6);
  CHECK(list(*db, anna.id).front().last_used_at == noon + 1min);
}

TEST_CASE("on two nodes of one PostgreSQL a step, a recovery code and a challenge are used once") {
  const engines::Postgresql::Place place;
  const auto one = engines::open_or_fail({.url = place.url()});
  const auto other = engines::open_or_fail({.url = place.url()});
  const std::vector<store::Store*> nodes{one.get(), other.get()};
  const auto anna = sample::add_account(*one, "anna").value();
  const store::Factor app = factor_of(anna, FactorKind::totp, "x");
  const store::Factor code = factor_of(anna, FactorKind::recovery, "y");
  REQUIRE(insert(*one, app));
  REQUIRE(insert(*one, code));
  CHECK(count_winners(nodes, [&](store::Store& node) {
          return node.write([&](store::Tx& tx) { return store::raise_counter(tx, app.id, 7, noon); }).value();
        }) == 1);
  CHECK(count_winners(nodes, [&](store::Store& node) {
          return node.write([&](store::Tx& tx) { return store::spend_factor(tx, code.id); }).value();
        }) == 1);
  store::OneTimeToken challenge;
  challenge.hash = crypto::sha256("challenge");
  challenge.tenant_id = anna.tenant_id;
  challenge.purpose = "passkey";
  challenge.account_id = anna.id;
  challenge.created_at = noon;
  challenge.expires_at = noon + 5min;
  CHECK(count_winners(nodes, [&](store::Store& node) {
          return node.write([&](store::Tx& tx) { return store::note_used_token(tx, challenge, noon); }).value();
        }) == 1);
}

TEST_CASE_TEMPLATE("a deleted account keeps no factor and no wish", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  REQUIRE(insert(*db, factor_of(anna, FactorKind::passkey, "x", "id")));
  const auto always = [&] {
    return db->read([&](store::Tx& tx) { return store::always_wants_factor(tx, anna.id); }).value();
  };
  CHECK_FALSE(always());
  REQUIRE(db->write([&](store::Tx& tx) { return store::set_always_factor(tx, anna.id, true); }));
  CHECK(always());
  REQUIRE(db->write([&](store::Tx& tx) { return store::erase_account(tx, anna.id); }));
  CHECK(list(*db, anna.id).empty());
  CHECK_FALSE(always());
  CHECK_FALSE(db->read([](store::Tx& tx) { return store::always_wants_factor(tx, base::Id()); }).value());
}
