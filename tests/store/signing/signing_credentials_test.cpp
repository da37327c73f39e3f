#include "store/signing/signing_credentials.hpp"

#include <doctest/doctest.h>

#include "store/account/account_erasure.hpp"
#include "store/engines.hpp"
#include "store/sample.hpp"

using sample::noon;
using namespace std::chrono_literals;

namespace {

store::SigningCredential credential_of(const base::Id& tenant_id, const std::optional<base::Id>& account_id) {
  store::SigningCredential row;
  row.id = base::Id::make(noon);
  row.tenant_id = tenant_id;
  row.account_id = account_id;
  row.label = "Łucja";
  row.status = "active";
  row.activation = "pin";
  row.backend = "software";
  row.spki = "public key";
  row.certificate = std::string("\x30\x00", 2);
  row.sha256 = row.id.to_string();
  row.not_before = noon;
  row.not_after = noon + 24h * 100;
  row.created_at = noon;
  row.changed_at = noon;
  return row;
}

void insert(store::Store& db, const store::SigningCredential& row, const store::SigningSecrets& secrets = {}) {
  const auto done = db.write([&](store::Tx& tx) { return store::insert_signing_credential(tx, row, secrets); });
  REQUIRE_MESSAGE(done, base::describe(done.error()));
}

store::SigningCredential find(store::Store& db, const base::Id& id) {
  return db.read([&](store::Tx& tx) { return store::find_signing_credential(tx, id); }).value().value();
}

}  // namespace

TEST_CASE_TEMPLATE("a credential is found as it was stored, and its secrets only by themselves", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  auto row = credential_of(anna.tenant_id, anna.id);
  row.token_object = std::string("\0\1", 2);
  row.is_own_issue = true;
  insert(*db, row, {base::Secret("key"), base::Secret("hash of the PIN")});
  const auto found = find(*db, row.id);
  CHECK(found.label == "Łucja");
  CHECK(found.account_id == anna.id);
  CHECK(found.token_object == row.token_object);
  CHECK(found.certificate == row.certificate);
  CHECK(found.not_after == row.not_after);
  CHECK(found.has_pin);
  CHECK(found.is_own_issue);
  CHECK(found.uses == 0);
  CHECK_FALSE(found.last_used_at);
  const auto secrets = db->read([&](store::Tx& tx) { return store::find_signing_secrets(tx, row.id); });
  REQUIRE(secrets);
  CHECK(secrets->pkcs8.reveal() == "key");
  CHECK(secrets->pin_hash.reveal() == "hash of the PIN");
  const auto seal = credential_of(anna.tenant_id, std::nullopt);
  insert(*db, seal);
  CHECK_FALSE(find(*db, seal.id).has_pin);
  const auto count = [&](auto list, const base::Id& of) {
    return db->read([&](store::Tx& tx) { return list(tx, of, 10); }).value().size();
  };
  CHECK(count(store::list_signing_credentials_of, anna.id) == 1);
  CHECK(count(store::list_seals_of, anna.tenant_id) == 1);
  CHECK(count(store::list_signing_credentials, anna.tenant_id) == 2);
}

TEST_CASE_TEMPLATE("a certificate is registered once, and any number of credentials wait for one", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  auto row = credential_of(anna.tenant_id, anna.id);
  insert(*db, row);
  auto same = credential_of(anna.tenant_id, anna.id);
  same.sha256 = row.sha256;
  const auto again = db->write([&](store::Tx& tx) { return store::insert_signing_credential(tx, same, {}); });
  CHECK(again.error().code == base::Code::already_exists);
  for (int i = 0; i < 2; ++i) {
    auto waiting = credential_of(anna.tenant_id, anna.id);
    waiting.sha256.clear();
    waiting.not_before.reset();
    waiting.not_after.reset();
    waiting.status = "requested";
    insert(*db, waiting);
  }
  const auto by = [&](std::string_view sha256) {
    return db->read([&](store::Tx& tx) { return store::find_signing_credential_by(tx, sha256); }).value();
  };
  CHECK(by(row.sha256)->id == row.id);
  CHECK_FALSE(by(""));
}

TEST_CASE_TEMPLATE("uses are counted for the version that was judged, and only while it is active", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  insert(*db, credential_of(anna.tenant_id, anna.id));
  auto row = db->read([&](store::Tx& tx) { return store::list_signing_credentials_of(tx, anna.id, 1); }).value().at(0);
  const auto use = [&](const store::SigningCredential& as, std::int64_t n) {
    return db->write([&](store::Tx& tx) { return store::count_signing_uses(tx, as, n, noon + 1s); }).value();
  };
  REQUIRE(db->write([&](store::Tx& tx) { return store::count_wrong_pin(tx, row.id, noon + 1min); }));
  CHECK(find(*db, row.id).wrong_pins == 1);
  CHECK(use(row, 20));
  CHECK(find(*db, row.id).uses == 20);
  CHECK(find(*db, row.id).wrong_pins == 0);
  CHECK_FALSE(find(*db, row.id).pins_wait_until);
  const auto before = row;
  row.status = "suspended";
  REQUIRE(db->write([&](store::Tx& tx) { return store::update_signing_credential(tx, row); }));
  CHECK_FALSE(use(before, 1));
  CHECK_FALSE(use(find(*db, row.id), 1));
  CHECK(find(*db, row.id).uses == 20);
  const auto stale = db->write([&](store::Tx& tx) { return store::update_signing_credential(tx, before); });
  CHECK(stale.error().code == base::Code::conflict);
}

TEST_CASE_TEMPLATE("those that end soon are told once for each threshold, and anew with a new certificate", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  auto row = credential_of(anna.tenant_id, anna.id);
  row.not_after = noon + 24h * 5;
  insert(*db, row);
  insert(*db, credential_of(anna.tenant_id, anna.id));
  const auto ending = [&](std::int64_t days) {
    return db
        ->read([&](store::Tx& tx) { return store::list_ending_credentials(tx, noon, noon + 24h * days, days, 10); })
        .value()
        .size();
  };
  CHECK(ending(7) == 1);
  CHECK(ending(1) == 0);
  const auto note = [&](std::int64_t days) {
    return db->write([&](store::Tx& tx) { return store::note_credential_warning(tx, row.id, days); }).value();
  };
  CHECK(note(7));
  CHECK_FALSE(note(7));
  CHECK_FALSE(note(30));
  CHECK(ending(7) == 0);
  CHECK(ending(30) == 0);
  CHECK(note(1));
  auto renewed = find(*db, row.id);
  renewed.label = "the same certificate";
  REQUIRE(db->write([&](store::Tx& tx) { return store::update_signing_credential(tx, renewed); }));
  CHECK(ending(7) == 0);
  renewed = find(*db, row.id);
  renewed.sha256 = "another";
  REQUIRE(db->write([&](store::Tx& tx) { return store::update_signing_credential(tx, renewed); }));
  CHECK(ending(7) == 1);
}

TEST_CASE_TEMPLATE("the credentials of an erased account are gone, those of others and seals stay", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto jan = sample::add_account(*db, "jan").value();
  insert(*db, credential_of(anna.tenant_id, anna.id));
  insert(*db, credential_of(anna.tenant_id, jan.id));
  insert(*db, credential_of(anna.tenant_id, std::nullopt));
  REQUIRE(db->write([&](store::Tx& tx) { return store::erase_account(tx, anna.id); }));
  CHECK(
      db->read([&](store::Tx& tx) { return store::list_signing_credentials(tx, anna.tenant_id, 10); }).value().size() ==
      2);
  REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto all, store::list_signing_credentials(tx, anna.tenant_id, 10));
    for (const auto& one : all) RETURN_IF_ERROR(store::delete_signing_credential(tx, one.id));
    return {};
  }));
  const auto again =
      db->write([&](store::Tx& tx) { return store::delete_signing_credential(tx, base::Id::make(noon)); });
  CHECK(again.error().code == base::Code::not_found);
}
