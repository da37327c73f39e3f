// A house with an authority of the installation, and what the tests of certificates issue by it.
#pragma once

#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/issue.hpp"
#include "crypto/certificate/key_pair.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/certificate/issue_certificate.hpp"
#include "flow/certificate/judge_certificate.hpp"
#include "flow/certificate/publish_lists.hpp"
#include "flow/certificate/revoke_certificate.hpp"
#include "flow/certificate/signed_ahead.hpp"
#include "flow/house_fixture.hpp"
#include "store/certificate/authorities.hpp"
#include "store/certificate/issued_certificates.hpp"
#include "store/tenant/tenants.hpp"

namespace testing {

struct AuthorityFixture : HouseFixture {
  rights::Actor by = operator_actor();
  base::Id tenant_id = store->read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value().id;

  store::AuthorityRow make_authority(crypto::KeyKind key = crypto::KeyKind::ec_p256) {
    auto made = flow::create_authority(*house, by, {"", "Clinic", key}, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    return *made;
  }
  static const crypto::KeyPair& leaf_key() {
    static const crypto::KeyPair key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
    return key;
  }
  [[nodiscard]] flow::CertificateWish wish_for(authority::Profile profile, const std::string& name = "Z1") const {
    flow::CertificateWish wish;
    wish.profile = profile;
    wish.tenant_id = tenant_id;
    wish.common_name = name;
    wish.public_key = leaf_key().public_key();
    if (profile == authority::Profile::tls_server) wish.dns_names = {"id.example"};
    return wish;
  }
  base::Result<flow::IssuedCertificate> try_issue(const flow::CertificateWish& wish) {
    const auto request = facts();
    return flow::sign_ahead([&](flow::SignedAhead& ahead) {
      return store->write([&](store::Tx& tx) {
        return flow::issue_certificate({*house, tx, request, &by, &ahead}, wish);
      });
    });
  }
  flow::IssuedCertificate issue(authority::Profile profile = authority::Profile::client_system) {
    auto issued = try_issue(wish_for(profile));
    REQUIRE_MESSAGE(issued, base::describe(issued.error()));
    return *issued;
  }
  bool revoke(const std::string& sha256, crypto::RevocationReason reason = crypto::RevocationReason::key_compromise) {
    return flow::revoke_named_certificate(*house, by, sha256, reason, facts()).value();
  }
  std::string judge(base::BytesView der, trust::Purpose purpose = trust::Purpose::client_system) {
    const auto judged = store->read([&](store::Tx& tx) { return flow::judge_certificate(tx, der, purpose, now); });
    REQUIRE(judged);
    return std::string(judged->flaw.view());
  }
};

}  // namespace testing
