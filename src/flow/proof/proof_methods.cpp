#include "flow/proof/proof_methods.hpp"

#include <algorithm>
#include <array>

#include "flow/proof/login_code.hpp"
#include "flow/proof/password_proof.hpp"
#include "store/engine/store.hpp"

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

constexpr std::array<ProofMethodRow, 3> methods{{
    {rights::ProofMethod::password, has_password, compare_given_password},
    {rights::ProofMethod::sms, has_code_address<rights::ProofMethod::sms>, compare_login_code},
    {rights::ProofMethod::email, has_code_address<rights::ProofMethod::email>, compare_login_code},
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
