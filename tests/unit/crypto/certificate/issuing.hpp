// A small authority for the tests of certificates: keys are made once for the process.
#pragma once

#include <doctest/doctest.h>

#include "base/time.hpp"
#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/issue.hpp"
#include "crypto/certificate/verify_chain.hpp"

namespace testing {

inline const crypto::KeyPair& key_of(crypto::KeyKind kind) {
  static const auto make = [](crypto::KeyKind one) { return crypto::KeyPair::generate(one).value(); };
  static const std::array keys{make(crypto::KeyKind::ec_p256), make(crypto::KeyKind::rsa_2048),
                               make(crypto::KeyKind::rsa_3072), make(crypto::KeyKind::brainpool_p256)};
  return keys.at(static_cast<std::size_t>(kind));
}

inline const base::Time noon = base::parse_rfc3339("2026-11-21T12:00:00Z").value();
inline constexpr auto a_day = std::chrono::hours(24);

struct SmallAuthority {
  crypto::KeyPair root_key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  crypto::KeyPair key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  base::Bytes root;
  base::Bytes issuing;

  static crypto::CertificateTemplate authority_template(const std::string& name) {
    crypto::CertificateTemplate wanted;
    wanted.serial = crypto::make_serial();
    wanted.common_name = name;
    wanted.not_before = noon - a_day;
    wanted.not_after = noon + 1000 * a_day;
    wanted.key_uses = {crypto::KeyUse::sign_certificates, crypto::KeyUse::sign_lists};
    wanted.is_authority = true;
    return wanted;
  }
  static crypto::CertificateTemplate leaf_template(const crypto::KeyPair& of) {
    crypto::CertificateTemplate wanted;
    wanted.serial = crypto::make_serial();
    wanted.common_name = "Z1";
    wanted.not_before = noon - a_day;
    wanted.not_after = noon + 100 * a_day;
    wanted.public_key = of.public_key();
    wanted.key_uses = {crypto::KeyUse::digital_signature};
    wanted.extended_uses = {crypto::ExtendedUse::client_auth};
    return wanted;
  }

  SmallAuthority() {
    root = crypto::issue_root(authority_template("Test Root"), root_key).value();
    auto wanted = authority_template("Test Issuing");
    wanted.path_length = 0;
    wanted.public_key = key.public_key();
    issuing = crypto::issue(wanted, {root, root_key}).value();
  }
  [[nodiscard]] base::Bytes issue(const crypto::CertificateTemplate& wanted) const {
    auto made = crypto::issue(wanted, {issuing, key});
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    return *made;
  }
  [[nodiscard]] crypto::PathJudgement judge(base::BytesView leaf, crypto::PathRules rules = {},
                                            std::vector<base::Bytes> lists = {}) const {
    if (rules.now == base::Time()) rules.now = noon;
    crypto::PathMaterial material;
    material.leaf = leaf;
    material.intermediates = {issuing};
    material.anchors = {root};
    material.lists = std::move(lists);
    return crypto::verify_chain(material, rules);
  }
};

}  // namespace testing
