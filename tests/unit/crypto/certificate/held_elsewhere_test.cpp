// Pairs whose private part is elsewhere: what they sign is right by OpenSSL, and a place that does not sign is an
// error.
#include <doctest/doctest.h>

#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/key_pair.hpp"
#include "crypto/certificate/ocsp.hpp"
#include "crypto/certificate/revocation_list.hpp"
#include "crypto/certificate/verify_chain.hpp"
#include "crypto/signing/soft_key.hpp"

namespace {

using namespace std::chrono_literals;
const base::Time noon = base::from_seconds(1'780'000'000);

/// A key that counts what it was asked.
struct Elsewhere {
  explicit Elsewhere(crypto::SoftKeyKind kind) : key(crypto::SoftKey::generate(kind).value()) {}
  crypto::KeyPair pair() {
    const auto algorithm = crypto::list_algorithms_of(key.public_key()).front();
    return crypto::KeyPair::held_elsewhere(key.public_key(),
                                           [this, algorithm](base::BytesView octets) -> base::Result<base::Bytes> {
                                             ++asked;
                                             if (is_away) return base::fail(base::Code::unavailable, "away");
                                             return key.sign(algorithm, octets);
                                           })
        .value();
  }
  crypto::SoftKey key;
  int asked = 0;
  bool is_away = false;
};

crypto::CertificateTemplate wanted(const std::string& name) {
  crypto::CertificateTemplate made;
  made.serial = crypto::make_serial();
  made.common_name = name;
  made.not_before = noon - 24h;
  made.not_after = noon + 24h * 100;
  made.key_uses = {crypto::KeyUse::digital_signature};
  return made;
}

crypto::CertificateTemplate authority(const std::string& name) {
  crypto::CertificateTemplate made = wanted(name);
  made.is_authority = true;
  made.key_uses = {crypto::KeyUse::sign_certificates, crypto::KeyUse::sign_lists};
  return made;
}

crypto::RevocationListTemplate list(const std::string& serial) {
  crypto::RevocationListTemplate made;
  made.number = 1;
  made.this_update = noon;
  made.next_update = noon + 24h;
  made.revoked = {{serial, noon}};
  return made;
}

}  // namespace

TEST_CASE("what a key elsewhere signs is right: certificates, lists and answers of OCSP, on every kind of key") {
  for (const auto kind : {crypto::SoftKeyKind::ec_p256, crypto::SoftKeyKind::brainpool_p256,
                          crypto::SoftKeyKind::rsa_2048, crypto::SoftKeyKind::rsa_3072}) {
    CAPTURE(name_of(kind));
    Elsewhere place(kind);
    const crypto::KeyPair pair = place.pair();
    CHECK(pair.is_held_elsewhere());
    const base::Bytes root = crypto::issue_root(authority("Root"), pair).value();
    const auto leaf_key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
    crypto::CertificateTemplate leaf = wanted("Anna");
    leaf.public_key = leaf_key.public_key();
    const base::Bytes der = crypto::issue(leaf, {root, pair}).value();
    crypto::PathMaterial material;
    material.leaf = der;
    material.anchors = {root};
    crypto::PathRules rules;
    rules.purpose = crypto::PathPurpose::any;
    rules.now = noon;
    CHECK(crypto::verify_chain(material, rules).is_good());
    const std::string serial = crypto::parse_certificate(der)->serial;
    const base::Bytes revoked = crypto::make_revocation_list(list(serial), {root, pair}).value();
    CHECK(crypto::is_signed_by(revoked, root).value());
    const auto request = crypto::OcspRequest::parse(crypto::make_ocsp_request(der, root).value()).value();
    crypto::CertificateTemplate responder = wanted("OCSP");
    responder.public_key = pair.public_key();
    responder.extended_uses = {crypto::ExtendedUse::ocsp_signing};
    const base::Bytes responder_der = crypto::issue(responder, {root, pair}).value();
    const crypto::OcspAnswer good{crypto::OcspStatus::good};
    const base::Bytes answer =
        crypto::answer_ocsp(request, {good}, {noon, noon + 10min}, {responder_der, pair}).value();
    const auto read = crypto::read_ocsp_answer(answer, der, root, noon);
    REQUIRE_MESSAGE(read, base::describe(read.error()));
    CHECK(read->status == crypto::OcspStatus::good);
    CHECK(place.asked == 5);
  }
}

TEST_CASE("a key elsewhere is never written, signs only for its own certificate, and is an error while it is away") {
  Elsewhere place(crypto::SoftKeyKind::ec_p256);
  const crypto::KeyPair pair = place.pair();
  CHECK_FALSE(pair.to_pkcs8());
  CHECK_FALSE(pair.to_pem());
  const base::Bytes root = crypto::issue_root(authority("Root"), pair).value();
  Elsewhere other(crypto::SoftKeyKind::ec_p256);
  CHECK(crypto::make_revocation_list(list("01"), {root, other.pair()}).error().code == base::Code::conflict);
  place.is_away = true;
  CHECK(crypto::make_revocation_list(list("01"), {root, pair}).error().code == base::Code::unavailable);
  CHECK(crypto::issue_root(authority("Root"), pair).error().code == base::Code::unavailable);
  CHECK_FALSE(crypto::KeyPair::held_elsewhere("no key", {}));
}
