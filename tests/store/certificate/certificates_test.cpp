// Authorities, what they issued, their lists, and authorities of others, on both engines.
#include <doctest/doctest.h>

#include "store/certificate/authorities.hpp"
#include "store/certificate/issued_certificates.hpp"
#include "store/certificate/trust_anchors.hpp"
#include "store/engines.hpp"
#include "store/sample.hpp"

using sample::noon;
using namespace std::chrono_literals;

namespace {

store::AuthorityRow authority_of(const std::string& sha256, const std::optional<base::Id>& tenant_id = std::nullopt) {
  store::AuthorityRow row;
  row.id = base::Id::make(noon);
  row.tenant_id = tenant_id;
  row.kind = "issuing";
  row.state = "active";
  row.key_kind = "ec-p256";
  row.subject = "CN=Clinic Issuing";
  row.sha256 = sha256;
  row.der = std::string("\x30\x00\xff", 3);
  row.not_before = noon;
  row.not_after = noon + 24h;
  row.created_at = noon;
  return row;
}

store::IssuedRow issued_of(const store::AuthorityRow& authority, const std::string& sha256) {
  store::IssuedRow row;
  row.sha256 = sha256;
  row.authority_id = authority.id;
  row.serial = "40" + sha256;
  row.profile = "client_system";
  row.tenant_id = base::Id::make(noon);
  row.subject = "CN=Z1";
  row.der = "der";
  row.issued_at = noon;
  row.not_before = noon;
  row.not_after = noon + 24h;
  return row;
}

}  // namespace

TEST_CASE_TEMPLATE("an authority is read as it was written, and a key moved to another one does not open", E,
                   ON_BOTH_ENGINES) {
  const typename E::Place place;
  const auto first = authority_of("aa");
  const auto second = authority_of("bb", base::Id::make(noon));
  {
    const auto db = engines::open_or_fail({.url = place.url()});
    REQUIRE(db->write([&](store::Tx& tx) { return store::insert_authority(tx, first, {base::Secret("one")}); }));
    REQUIRE(db->write([&](store::Tx& tx) { return store::insert_authority(tx, second, {base::Secret("two")}); }));
    const auto twice =
        db->write([&](store::Tx& tx) { return store::insert_authority(tx, authority_of("aa"), {base::Secret("x")}); });
    CHECK(twice.error().code == base::Code::already_exists);
    const auto active = [&](const std::optional<base::Id>& tenant) {
      return db->read([&](store::Tx& tx) { return store::find_active_authority(tx, tenant, "issuing"); }).value();
    };
    CHECK(active(std::nullopt)->id == first.id);
    CHECK(active(second.tenant_id)->id == second.id);
    CHECK_FALSE(active(base::Id::make(noon)));
    CHECK(active(std::nullopt)->der == first.der);
    CHECK(db->read([&](store::Tx& tx) { return store::find_authority_key(tx, first.id); })->pkcs8.reveal() == "one");
    CHECK(db->read([](store::Tx& tx) { return store::list_changed_authorities(tx); })->size() == 2);
    REQUIRE(db->write([&](store::Tx& tx) { return store::set_authority_lists(tx, first.id, {1, 1, noon, noon}); }));
    CHECK(db->read([](store::Tx& tx) { return store::list_changed_authorities(tx); })->size() == 1);
    REQUIRE(db->write([&](store::Tx& tx) { return store::revoke_authority(tx, first.id, "superseded", noon); }));
    CHECK_FALSE(db->write([&](store::Tx& tx) { return store::revoke_authority(tx, first.id, "superseded", noon); }));
    CHECK_FALSE(active(std::nullopt));
  }
  place.execute(
      "UPDATE certificate_authority SET sealed_pkcs8 = (SELECT o.sealed_pkcs8 FROM certificate_authority o "
      "WHERE o.sha256 = 'bb')");
  const auto db = engines::open_or_fail({.url = place.url()});
  CHECK(db->read([&](store::Tx& tx) { return store::find_authority_key(tx, first.id); }).error().code ==
        base::Code::internal);
}

TEST_CASE_TEMPLATE("a revocation is written once, and lists give it until its end", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto authority = authority_of("aa");
  const auto row = issued_of(authority, "11");
  REQUIRE(db->write([&](store::Tx& tx) { return store::insert_issued(tx, row); }));
  const auto again = db->write([&](store::Tx& tx) { return store::insert_issued(tx, row); });
  CHECK(again.error().code == base::Code::already_exists);
  const auto revoke = [&](base::Time at) {
    return db->write(
        [&](store::Tx& tx) { return store::set_issued_revoked(tx, "11", std::nullopt, "key_compromise", at); });
  };
  CHECK(revoke(noon).value());
  CHECK_FALSE(revoke(noon + 1h).value());
  const auto unknown = db->write(
      [&](store::Tx& tx) { return store::set_issued_revoked(tx, "22", std::nullopt, "key_compromise", noon); });
  CHECK(unknown.error().code == base::Code::not_found);
  const auto found = db->read([&](store::Tx& tx) { return store::find_issued_by_serial(tx, row.serial); }).value();
  CHECK(found->revoked_at == noon);
  const auto listed = [&](base::Time since, base::Time until) {
    return db->read([&](store::Tx& tx) { return store::list_revoked(tx, authority.id, since, until); })->size();
  };
  CHECK(listed(base::Time(), noon) == 1);
  CHECK(listed(noon, noon) == 1);
  CHECK(listed(noon + 1ms, noon) == 0);
  CHECK(listed(base::Time(), noon + 25h) == 0);
  CHECK_FALSE(db->write([](store::Tx& tx) { return store::delete_old_issued(tx, noon + 24h); }).value());
  CHECK(db->read([&](store::Tx& tx) { return store::list_issued(tx, row.tenant_id, 10); })->size() == 1);
  CHECK_FALSE(db->write([](store::Tx& tx) { return store::delete_old_issued(tx, noon + 25h); }).value());
  CHECK(db->read([&](store::Tx& tx) { return store::list_issued(tx, row.tenant_id, 10); })->empty());
}

TEST_CASE_TEMPLATE("lists and responders are replaced by the newest", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto authority = authority_of("aa");
  for (const std::int64_t number : {1, 2}) {
    REQUIRE(db->write([&](store::Tx& tx) {
      return store::put_certificate_list(tx, {authority.id, "complete", number, "list", noon, noon + 1h});
    }));
    REQUIRE(db->write([&](store::Tx& tx) {
      return store::put_ocsp_responder(
          tx, {authority.id, std::to_string(number), "der", {base::Secret("key")}, noon + 1h, noon});
    }));
  }
  CHECK(db->read([&](store::Tx& tx) { return store::find_certificate_list(tx, authority.id, "complete"); })
            .value()
            ->number == 2);
  CHECK_FALSE(db->read([&](store::Tx& tx) { return store::find_certificate_list(tx, authority.id, "delta"); }).value());
  const auto responder = db->read([&](store::Tx& tx) { return store::find_ocsp_responder(tx, authority.id); }).value();
  CHECK(responder->sha256 == "2");
  CHECK(responder->key.pkcs8.reveal() == "key");
}

TEST_CASE_TEMPLATE("an anchor goes with what was fetched for it", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  store::TrustAnchor anchor;
  anchor.id = base::Id::make(noon);
  anchor.purpose = "person_login";
  anchor.sha256 = "aa";
  anchor.subject = "CN=Foreign";
  anchor.der = "der";
  anchor.not_after = noon + 24h;
  anchor.asks = "ocsp";
  anchor.url = "http://ca.example";
  anchor.unreachable = "refuse";
  anchor.amr = "sc";
  anchor.matching = "pesel";
  anchor.created_at = noon;
  REQUIRE(db->write([&](store::Tx& tx) { return store::insert_trust_anchor(tx, anchor); }));
  CHECK(db->read([](store::Tx& tx) { return store::list_trust_anchors(tx, "person_login"); })->size() == 1);
  CHECK(db->read([](store::Tx& tx) { return store::list_trust_anchors(tx, "tls_server"); })->empty());
  store::ForeignRevocation answer{anchor.id, "ocsp", "ff", "", "der", std::nullopt, std::nullopt, noon, noon, ""};
  REQUIRE(db->write([&](store::Tx& tx) { return store::put_foreign_revocation(tx, answer); }));
  const auto due = [&](base::Time now) {
    return db->read([&](store::Tx& tx) { return store::list_due_revocations(tx, now, 10); })->size();
  };
  CHECK(due(noon) == 1);
  CHECK(due(noon - 1ms) == 0);
  answer.answer = "answer";
  answer.due_at = noon + 1h;
  answer.next_update = noon + 2h;
  REQUIRE(db->write([&](store::Tx& tx) { return store::put_foreign_revocation(tx, answer); }));
  CHECK(due(noon) == 0);
  CHECK(db->read([&](store::Tx& tx) { return store::count_foreign_revocations(tx, anchor.id); }).value() == 1);
  REQUIRE(db->write([&](store::Tx& tx) { return store::delete_trust_anchor(tx, anchor.id); }));
  CHECK(db->read([&](store::Tx& tx) { return store::count_foreign_revocations(tx, anchor.id); }).value() == 0);
  const auto gone = db->write([&](store::Tx& tx) { return store::delete_trust_anchor(tx, anchor.id); });
  CHECK(gone.error().code == base::Code::not_found);
}
