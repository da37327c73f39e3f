#include "flow/certificate/judge_certificate.hpp"

#include <doctest/doctest.h>

#include "crypto/certificate/revocation_list.hpp"
#include "flow/certificate/authority_fixture.hpp"
#include "flow/certificate/trust_anchors.hpp"
#include "store/certificate/trust_anchors.hpp"

using authority::Profile;
using testing::AuthorityFixture;
using trust::Purpose;

namespace {

/// An authority of others: a root that issues for people.
struct Foreign {
  crypto::KeyPair key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  base::Bytes root;
  base::Time now;

  explicit Foreign(base::Time at) : now(at) {
    crypto::CertificateTemplate wanted = begin("Foreign Root");
    wanted.key_uses = {crypto::KeyUse::sign_certificates, crypto::KeyUse::sign_lists};
    wanted.is_authority = true;
    root = crypto::issue_root(wanted, key).value();
  }
  [[nodiscard]] crypto::CertificateTemplate begin(const std::string& name) const {
    crypto::CertificateTemplate wanted;
    wanted.serial = crypto::make_serial();
    wanted.common_name = name;
    wanted.not_before = now - std::chrono::hours(24);
    wanted.not_after = now + std::chrono::hours(24 * 365);
    wanted.key_uses = {crypto::KeyUse::digital_signature};
    return wanted;
  }
  [[nodiscard]] crypto::CertificateTemplate person() const {
    auto wanted = begin("Anna Kowalska");
    wanted.public_key = AuthorityFixture::leaf_key().public_key();
    wanted.extended_uses = {crypto::ExtendedUse::client_auth};
    return wanted;
  }
  [[nodiscard]] base::Bytes issue(const crypto::CertificateTemplate& wanted) const {
    return crypto::issue(wanted, {root, key}).value();
  }
  [[nodiscard]] base::Bytes list_of(const std::vector<crypto::RevokedSerial>& revoked, base::Time at) const {
    crypto::RevocationListTemplate list;
    list.number = 1;
    list.this_update = at;
    list.next_update = at + std::chrono::hours(24);
    list.revoked = revoked;
    return crypto::make_revocation_list(list, {root, key}).value();
  }
};

struct Fixture : AuthorityFixture {
  Foreign foreign{now};
  flow::AnchorWish wish;

  Fixture() {
    wish.certificate = foreign.root;
    wish.url = "http://ca.example/ca.crl";
  }
  store::TrustAnchor trust_it() {
    auto added = flow::add_trust_anchor(*house, by, wish, facts());
    REQUIRE_MESSAGE(added, base::describe(added.error()));
    return *added;
  }
  void put_list(const store::TrustAnchor& anchor, const base::Bytes& list) {
    const auto facts_of = crypto::read_revocation_list(list).value();
    REQUIRE(store->write([&](store::Tx& tx) {
      return store::put_foreign_revocation(
          tx, {anchor.id, "crl", "", list, "", facts_of.this_update, facts_of.next_update, now, now, ""});
    }));
  }
  flow::JudgedCertificate judge_person(base::BytesView der) {
    return store->read([&](store::Tx& tx) { return flow::judge_person_certificate(tx, der, now); }).value();
  }
  std::string flaw_of(base::BytesView der) { return std::string(judge_person(der).flaw.view()); }
};

}  // namespace

TEST_CASE("an own certificate counts for its profile only, in its time only") {
  Fixture f;
  f.make_authority();
  const auto system = f.issue(Profile::client_system);
  const auto person = f.issue(Profile::person_login);
  CHECK(f.judge(system.der, Purpose::client_system).empty());
  CHECK(f.judge(system.der, Purpose::person_login) == "certificate_usage");
  CHECK(f.judge(person.der, Purpose::person_login).empty());
  CHECK(f.judge(person.der, Purpose::client_system) == "certificate_usage");
  CHECK(f.judge(person.der, Purpose::tls_server) == "certificate_usage");
  f.now = person.not_before - std::chrono::seconds(1);
  CHECK(f.judge(person.der, Purpose::person_login) == "certificate_early");
  f.now = person.not_after + std::chrono::seconds(1);
  CHECK(f.judge(person.der, Purpose::person_login) == "certificate_expired");
}

TEST_CASE("an own certificate of a person names the tenant and nobody by number") {
  Fixture f;
  f.make_authority();
  const auto judged = f.judge_person(f.issue(Profile::person_login).der);
  CHECK(judged.flaw.empty());
  CHECK(judged.tenant_id == f.tenant_id);
  CHECK(judged.method == rights::ProofMethod::certificate);
  CHECK(judged.person_type.empty());
}

TEST_CASE("rubbish, a certificate of nobody who is trusted, and the anchor itself are refused") {
  Fixture f;
  CHECK(f.flaw_of("rubbish") == "certificate_broken");
  CHECK(f.flaw_of("") == "certificate_broken");
  const auto der = f.foreign.issue(f.foreign.person());
  CHECK(f.flaw_of(der) == "certificate_untrusted");
  CHECK(f.judge_person(der).fingerprint == crypto::parse_certificate(der)->fingerprint);
  f.wish.asks = trust::Asks::none;
  f.trust_it();
  CHECK(f.flaw_of(der).empty());
  CHECK_FALSE(f.flaw_of(f.foreign.root).empty());
  // Trusted for people is not trusted for programs.
  CHECK(f.judge(der, Purpose::client_system) == "certificate_untrusted");
}

TEST_CASE("a certificate of a trusted authority without a list is refused, unless the operator says otherwise") {
  Fixture f;
  const auto der = f.foreign.issue(f.foreign.person());
  SUBCASE("refused") {
    const auto anchor = f.trust_it();
    CHECK(f.flaw_of(der) == "certificate_unchecked");
    f.put_list(anchor, f.foreign.list_of({}, f.now));
    CHECK(f.flaw_of(der).empty());
    f.now += std::chrono::hours(25);
    CHECK(f.flaw_of(der) == "certificate_unchecked");
  }
  SUBCASE("accepted") {
    f.wish.unreachable = trust::Unreachable::accept;
    f.trust_it();
    CHECK(f.flaw_of(der).empty());
  }
}

TEST_CASE("who is on the list is refused, also when the list is old") {
  Fixture f;
  const auto wanted = f.foreign.person();
  const auto der = f.foreign.issue(wanted);
  f.wish.unreachable = trust::Unreachable::accept;
  const auto anchor = f.trust_it();
  f.put_list(anchor, f.foreign.list_of({{base::to_hex(wanted.serial), f.now, {}}}, f.now));
  CHECK(f.flaw_of(der) == "certificate_revoked");
  f.now += std::chrono::hours(48);
  CHECK(f.flaw_of(der) == "certificate_revoked");
}

TEST_CASE("a list that another key has signed says nothing") {
  Fixture f;
  const auto anchor = f.trust_it();
  const Foreign other(f.now);
  f.put_list(anchor, other.list_of({}, f.now));
  CHECK(f.flaw_of(f.foreign.issue(f.foreign.person())) == "certificate_unchecked");
}

TEST_CASE("wrong use and wrong time of a certificate of others are refused for their reason") {
  Fixture f;
  f.wish.asks = trust::Asks::none;
  f.trust_it();
  auto wanted = f.foreign.person();
  wanted.extended_uses = {crypto::ExtendedUse::server_auth};
  CHECK(f.flaw_of(f.foreign.issue(wanted)) == "certificate_usage");
  wanted = f.foreign.person();
  wanted.not_after = f.now - std::chrono::hours(1);
  CHECK(f.flaw_of(f.foreign.issue(wanted)) == "certificate_expired");
  wanted = f.foreign.person();
  wanted.not_before = f.now + std::chrono::hours(1);
  CHECK(f.flaw_of(f.foreign.issue(wanted)) == "certificate_early");
}

TEST_CASE("how strong a certificate of others is, its authority's rule says") {
  Fixture f;
  f.wish.asks = trust::Asks::none;
  f.wish.amr = "sc";
  f.trust_it();
  const auto judged = f.judge_person(f.foreign.issue(f.foreign.person()));
  CHECK(judged.method == rights::ProofMethod::certificate_card);
  CHECK(judged.tenant_id.is_none());
  CHECK(judged.person_type.empty());
}

TEST_CASE("an anchor with a mistake is refused, and nothing is saved") {
  Fixture f;
  const auto refused = [&](auto change) {
    auto wish = f.wish;
    change(wish);
    const auto added = flow::add_trust_anchor(*f.house, f.by, wish, f.facts());
    return !added && added.error().code == base::Code::invalid_input;
  };
  CHECK(refused([](auto& wish) { wish.certificate = "rubbish"; }));
  CHECK(refused([&](auto& wish) { wish.certificate = f.foreign.issue(f.foreign.person()); }));
  CHECK(refused([](auto& wish) { wish.url = ""; }));
  CHECK(refused([](auto& wish) { wish.url = "ldap://ca"; }));
  CHECK(refused([](auto& wish) { wish.amr = "pin"; }));
  CHECK(refused([](auto& wish) { wish.matching = "name"; }));
  CHECK(refused([](auto& wish) { wish.purpose = Purpose::ocsp; }));
  f.now += std::chrono::hours(24 * 400);
  CHECK(refused([](auto&) {}));
  CHECK(flow::list_anchors(*f.house, f.by)->empty());
  CHECK(f.events("trust_change").empty());
}

TEST_CASE("an anchor is added once, and removed with what was fetched for it") {
  Fixture f;
  const auto anchor = f.trust_it();
  CHECK(flow::add_trust_anchor(*f.house, f.by, f.wish, f.facts()).error().code == base::Code::already_exists);
  CHECK(flow::list_anchors(*f.house, f.by)->size() == 1);
  CHECK(flow::remove_trust_anchor(*f.house, f.by, "nothing", f.facts()).error().code == base::Code::not_found);
  REQUIRE(flow::remove_trust_anchor(*f.house, f.by, anchor.sha256, f.facts()));
  CHECK(flow::list_anchors(*f.house, f.by)->empty());
  CHECK(f.events("trust_change").size() == 2);
  CHECK_FALSE(f.store->read([&](store::Tx& tx) { return store::find_foreign_revocation(tx, anchor.id, "crl", ""); })
                  ->has_value());
}
