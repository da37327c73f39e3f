// A house with an authority and a person, and what the tests of credentials make.
#pragma once

#include "crypto/certificate/key_pair.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/person_fixture.hpp"
#include "flow/signing/administer_credentials.hpp"
#include "flow/signing/certify_credential.hpp"
#include "flow/signing/make_credential.hpp"
#include "flow/signing/use_credential.hpp"
#include "store/signing/signing_credentials.hpp"

namespace testing {

struct CredentialFixture : PersonFixture {
  static constexpr const char* pin = "274831";

  CredentialFixture() {
    anna = add_person("anna", "anna@clinic.example");
    const auto made = flow::create_authority(*house, by, {"", "Clinic", crypto::KeyKind::ec_p256}, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
  }

  [[nodiscard]] static flow::CredentialWish wish_for(const std::string& account,
                                                     flow::Activation activation = flow::Activation::pin) {
    flow::CredentialWish wish;
    wish.owner.account = account;
    wish.owner.is_seal = account.empty();
    wish.label = "Signature";
    wish.activation = activation;
    if (activation == flow::Activation::pin) wish.pin = base::Secret(pin);
    wish.is_issued = true;
    return wish;
  }
  store::SigningCredential make(const flow::CredentialWish& wish) {
    auto made = flow::create_credential(*house, by, wish, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    return *made;
  }
  store::SigningCredential find(const base::Id& id) {
    return store->read([&](store::Tx& tx) { return store::find_signing_credential(tx, id); }).value().value();
  }
  /// One document by the standard algorithm of the credential.
  [[nodiscard]] flow::KeyUse use_of(const store::SigningCredential& row, const std::string& its_pin = pin) const {
    flow::KeyUse use;
    use.credential_id = row.id;
    use.algorithm = crypto::list_algorithms_of(row.spki).front();
    use.pin = base::Secret(its_pin);
    use.orders.push_back({"to be signed", std::string(64, 'a')});
    return use;
  }
  base::Result<std::vector<base::Bytes>> sign(const rights::Actor& actor, const flow::KeyUse& use) {
    const flow::KeyUser user = &actor;
    return flow::use_credential(*house, user, use, facts());
  }
  /// Code of the refusal; internal if there was none.
  base::Code refusal(const rights::Actor& actor, const flow::KeyUse& use) {
    const auto values = sign(actor, use);
    return values ? base::Code::internal : values.error().code;
  }
  std::string last_reason() {
    const auto refused = events("key_refusal");
    REQUIRE_FALSE(refused.empty());
    return refused.front().data;
  }

  rights::Actor by = operator_actor();
  base::Id anna;
};

}  // namespace testing
