#include "crypto/certificate/verify_chain.hpp"

#include <doctest/doctest.h>

#include "crypto/certificate/revocation_list.hpp"
#include "unit/crypto/certificate/issuing.hpp"

using crypto::PathFlaw;
using testing::a_day;
using testing::key_of;
using testing::noon;
using testing::SmallAuthority;

namespace {

struct Fixture : SmallAuthority {
  crypto::CertificateTemplate wanted = leaf_template(key_of(crypto::KeyKind::ec_p256));

  [[nodiscard]] base::Bytes list_of(std::vector<crypto::RevokedSerial> revoked, base::Time at = noon) const {
    crypto::RevocationListTemplate list;
    list.number = 1;
    list.this_update = at - std::chrono::hours(1);
    list.next_update = at + std::chrono::hours(1);
    list.revoked = std::move(revoked);
    return crypto::make_revocation_list(list, {issuing, key}).value();
  }
};

}  // namespace

TEST_CASE("a certificate of the authority has a path from it to the root") {
  const Fixture f;
  for (const crypto::KeyKind kind : crypto::all_key_kinds) {
    CAPTURE(crypto::name_of(kind));
    const base::Bytes leaf = f.issue(Fixture::leaf_template(key_of(kind)));
    const auto judgement = f.judge(leaf);
    CHECK_MESSAGE(judgement.is_good(), judgement.reason);
    REQUIRE(judgement.path.size() == 3);
    CHECK(judgement.path.front() == leaf);
    CHECK(judgement.path.back() == f.root);
  }
}

TEST_CASE("a certificate is refused before its time and after it") {
  Fixture f;
  const base::Bytes leaf = f.issue(f.wanted);
  crypto::PathRules rules;
  rules.now = f.wanted.not_before - std::chrono::seconds(1);
  CHECK(f.judge(leaf, rules).flaw == PathFlaw::not_yet_valid);
  rules.now = f.wanted.not_after + std::chrono::seconds(1);
  CHECK(f.judge(leaf, rules).flaw == PathFlaw::expired);
}

TEST_CASE("a self-signed certificate of the same name, and one of another authority of the same names, are refused") {
  const Fixture f;
  const Fixture other;
  CHECK(f.judge(other.issue(other.wanted)).flaw != PathFlaw::none);
  auto alone = f.wanted;
  const base::Bytes self_signed = crypto::issue_root(alone, key_of(crypto::KeyKind::ec_p256)).value();
  CHECK(f.judge(self_signed).flaw == PathFlaw::untrusted);
}

TEST_CASE("a certificate for another use is refused") {
  Fixture f;
  crypto::PathRules rules;
  rules.purpose = crypto::PathPurpose::tls_server;
  CHECK(f.judge(f.issue(f.wanted), rules).flaw == PathFlaw::usage);
  f.wanted.extended_uses = {crypto::ExtendedUse::server_auth};
  CHECK(f.judge(f.issue(f.wanted), rules).is_good());
  CHECK(f.judge(f.issue(f.wanted)).flaw == PathFlaw::usage);
}

TEST_CASE("a certificate that is no authority's issues nothing") {
  Fixture f;
  const auto& inner = key_of(crypto::KeyKind::brainpool_p256);
  const base::Bytes leaf = f.issue(Fixture::leaf_template(inner));
  const base::Bytes below = crypto::issue(f.wanted, {leaf, inner}).value();
  crypto::PathMaterial material;
  material.leaf = below;
  material.intermediates = {leaf, f.issuing};
  material.anchors = {f.root};
  crypto::PathRules rules;
  rules.now = noon;
  CHECK(crypto::verify_chain(material, rules).flaw == PathFlaw::usage);
}

TEST_CASE("an authority with the path length 0 has no authority below it") {
  const Fixture f;
  const auto& inner = key_of(crypto::KeyKind::brainpool_p256);
  auto wanted = Fixture::authority_template("Below");
  wanted.public_key = inner.public_key();
  const base::Bytes below = f.issue(wanted);
  const base::Bytes leaf = crypto::issue(f.wanted, {below, inner}).value();
  crypto::PathMaterial material;
  material.leaf = leaf;
  material.intermediates = {below, f.issuing};
  material.anchors = {f.root};
  crypto::PathRules rules;
  rules.now = noon;
  CHECK(crypto::verify_chain(material, rules).flaw == PathFlaw::too_deep);
}

TEST_CASE("one altered octet of a certificate is refused") {
  const Fixture f;
  const base::Bytes good = f.issue(f.wanted);
  for (std::size_t i = 0; i < good.size(); i += 7) {
    base::Bytes altered = good;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    CAPTURE(i);
    CHECK_FALSE(f.judge(altered).is_good());
  }
}

TEST_CASE("too many certificates, too large ones and broken ones are refused before any signature is computed") {
  const Fixture f;
  crypto::PathMaterial material;
  const base::Bytes leaf = f.issue(f.wanted);
  material.leaf = leaf;
  material.anchors = {f.root};
  material.intermediates.assign(crypto::most_certificates, f.issuing);
  crypto::PathRules rules;
  rules.now = noon;
  CHECK(crypto::verify_chain(material, rules).flaw == PathFlaw::too_large);
  material.intermediates = {"not a certificate"};
  CHECK(crypto::verify_chain(material, rules).flaw == PathFlaw::broken);
  const std::string large(crypto::largest_certificate + 1, 'x');
  material.leaf = large;
  CHECK(crypto::verify_chain(material, rules).flaw == PathFlaw::too_large);
}

TEST_CASE("the list of the issuer decides: revoked, missing, over") {
  const Fixture f;
  const base::Bytes leaf = f.issue(f.wanted);
  crypto::PathRules rules;
  rules.checks_lists = true;
  rules.lists_for_leaf_only = true;
  CHECK(f.judge(leaf, rules).flaw == PathFlaw::unknown_revocation);
  CHECK(f.judge(leaf, rules, {f.list_of({})}).is_good());
  const crypto::RevokedSerial entry{base::to_hex(f.wanted.serial), noon - a_day,
                                    crypto::RevocationReason::key_compromise};
  CHECK(f.judge(leaf, rules, {f.list_of({entry})}).flaw == PathFlaw::revoked);
  CHECK(f.judge(leaf, rules, {f.list_of({}, noon - a_day)}).flaw == PathFlaw::unknown_revocation);

  rules.allows_unlisted = true;
  CHECK(f.judge(leaf, rules).is_good());
  CHECK(f.judge(leaf, rules, {f.list_of({}, noon - a_day)}).is_good());
  // An old list still refuses what it names.
  CHECK(f.judge(leaf, rules, {f.list_of({entry}, noon - a_day)}).flaw == PathFlaw::revoked);
}

TEST_CASE("a list that another authority has signed says nothing") {
  const Fixture f;
  const Fixture other;
  const base::Bytes leaf = f.issue(f.wanted);
  crypto::PathRules rules;
  rules.checks_lists = true;
  rules.lists_for_leaf_only = true;
  CHECK(f.judge(leaf, rules, {other.list_of({})}).flaw == PathFlaw::unknown_revocation);
  CHECK_FALSE(crypto::is_signed_by(other.list_of({}), f.issuing).value());
  CHECK(crypto::is_signed_by(f.list_of({}), f.issuing).value());
}

TEST_CASE("an anchor that is an issuing authority is the end of the path") {
  const Fixture f;
  const base::Bytes leaf = f.issue(f.wanted);
  crypto::PathMaterial material;
  material.leaf = leaf;
  material.anchors = {f.issuing};
  crypto::PathRules rules;
  rules.now = noon;
  const auto judgement = crypto::verify_chain(material, rules);
  CHECK_MESSAGE(judgement.is_good(), judgement.reason);
  CHECK(judgement.path.size() == 2);
}
