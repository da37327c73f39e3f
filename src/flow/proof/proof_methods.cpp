#include "flow/proof/proof_methods.hpp"

#include <algorithm>
#include <array>

#include "flow/proof/certificate_proof.hpp"
#include "flow/proof/login_code.hpp"
#include "flow/proof/passkey_challenge.hpp"
#include "flow/proof/passkey_proof.hpp"
#include "flow/proof/password_proof.hpp"
#include "flow/proof/proof_settings.hpp"
#include "flow/proof/recovery_proof.hpp"
#include "flow/proof/totp_proof.hpp"
#include "store/account/identifiers.hpp"
#include "store/engine/store.hpp"
#include "store/factor/factors.hpp"

namespace flow {
namespace {

base::Result<bool> has_password(const House& /*house*/, store::Tx& tx, const identity::Account& account) {
  ASSIGN_OR_RETURN(const auto password, store::find_password(tx, account.id));
  return password.has_value();
}

base::Result<std::unique_ptr<ComparedProof>> compare_given_password(const Proving& proving, Claim claim,
                                                                    const GivenProof& given) {
  ASSIGN_OR_RETURN(PasswordProof proof, compare_password(proving, std::move(claim), given.secret));
  return std::unique_ptr<ComparedProof>(std::make_unique<PasswordProof>(std::move(proof)));
}

template <rights::ProofMethod method>
base::Result<bool> has_code_address(const House& /*house*/, store::Tx& tx, const identity::Account& account) {
  ASSIGN_OR_RETURN(const auto address, find_code_address(tx, account, method));
  return address.has_value();
}

template <identity::FactorKind kind>
base::Result<bool> has_factor(const House& /*house*/, store::Tx& tx, const identity::Account& account) {
  ASSIGN_OR_RETURN(const std::int64_t count, store::count_factors(tx, account.id, kind));
  return count > 0;
}

base::Result<bool> has_passkey(const House& house, store::Tx& tx, const identity::Account& account) {
  ASSIGN_OR_RETURN(const bool has, has_factor<identity::FactorKind::passkey>(house, tx, account));
  return has && find_relying_party(house).is_possible;
}

base::Result<std::unique_ptr<ComparedProof>> compare_given_passkey(const Proving& proving, Claim claim,
                                                                   const GivenProof& given) {
  ASSIGN_OR_RETURN(PasskeyProof proof, compare_passkey(proving, std::move(claim), given.secret, given.session_id));
  return std::unique_ptr<ComparedProof>(std::make_unique<PasskeyProof>(std::move(proof)));
}

base::Result<bool> has_certificate(const House& house, store::Tx& tx, const identity::Account& account) {
  ASSIGN_OR_RETURN(const auto certificates, store::list_certificates(tx, account.id));
  const bool has = std::any_of(certificates.begin(), certificates.end(), [](const auto& one) { return one.is_proven; });
  return has && !house.settings.proof.certificate_origin.empty();
}

base::Result<std::unique_ptr<ComparedProof>> compare_given_certificate(const Proving& proving, Claim claim,
                                                                       const GivenProof& given) {
  const CertificateErrand errand{CertificateUse::proof, given.session_id, {}};
  ASSIGN_OR_RETURN(CertificateProof proof, compare_certificate(proving, std::move(claim), errand, given.secret));
  return std::unique_ptr<ComparedProof>(std::make_unique<CertificateProof>(std::move(proof)));
}

base::Result<std::unique_ptr<ComparedProof>> compare_given_totp(const Proving& proving, Claim claim,
                                                                const GivenProof& given) {
  ASSIGN_OR_RETURN(TotpProof proof, compare_totp(proving, std::move(claim), given.secret));
  return std::unique_ptr<ComparedProof>(std::make_unique<TotpProof>(std::move(proof)));
}

base::Result<std::unique_ptr<ComparedProof>> compare_given_recovery(const Proving& proving, Claim claim,
                                                                    const GivenProof& given) {
  ASSIGN_OR_RETURN(RecoveryProof proof, compare_recovery(proving, std::move(claim), given.secret));
  return std::unique_ptr<ComparedProof>(std::make_unique<RecoveryProof>(std::move(proof)));
}

constexpr std::array<ProofMethodRow, 7> methods{{
    {rights::ProofMethod::password, has_password, compare_given_password},
    {rights::ProofMethod::passkey, has_passkey, compare_given_passkey},
    {rights::ProofMethod::certificate, has_certificate, compare_given_certificate},
    {rights::ProofMethod::totp, has_factor<identity::FactorKind::totp>, compare_given_totp},
    {rights::ProofMethod::sms, has_code_address<rights::ProofMethod::sms>, compare_login_code},
    {rights::ProofMethod::email, has_code_address<rights::ProofMethod::email>, compare_login_code},
    {rights::ProofMethod::recovery, has_factor<identity::FactorKind::recovery>, compare_given_recovery},
}};

}  // namespace

std::span<const ProofMethodRow> all_proof_methods() {
  return methods;
}

const ProofMethodRow* find_proof_method(rights::ProofMethod method) {
  const auto* found =
      std::find_if(methods.begin(), methods.end(), [&](const ProofMethodRow& one) { return one.method == method; });
  return found == methods.end() ? nullptr : found;
}

base::Result<std::vector<rights::ProofMethod>> list_methods_of(const House& house, store::Tx& tx,
                                                               const identity::Account& account) {
  std::vector<rights::ProofMethod> found;
  for (const ProofMethodRow& one : methods) {
    ASSIGN_OR_RETURN(const bool has, one.has(house, tx, account));
    if (has) found.push_back(one.method);
  }
  return found;
}

}  // namespace flow
