// The methods with which a person who has an account can give a proof besides the first one of a login: "prove it
// again" (S4.28) and the second step of a login (S3.1). Each is one entry of the table in proof_methods.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/proof/settle_proof.hpp"
#include "rights/proofs.hpp"

namespace flow {

/// What a code is sent for; one that was sent for something else proves nothing.
enum class CodeUse : std::uint8_t {
  login,  // the second step of a login, or a stronger login
  again,  // "prove it again"
};

/// What a person gives for a proof.
struct GivenProof {
  rights::ProofMethod method = rights::ProofMethod::password;
  base::Secret secret{};  // the password, the code, or the answer of the browser to a passkey's challenge
  base::Id session_id{};  // in which it is given; the codes and challenges of another one prove nothing
  CodeUse code_use = CodeUse::login;
};

struct ProofMethodRow {
  rights::ProofMethod method;
  /// Whether the account can prove with it now.
  base::Result<bool> (*has)(const House& house, store::Tx& tx, const identity::Account& account);
  /// As compare_password.
  base::Result<std::unique_ptr<ComparedProof>> (*compare)(const Proving& proving, Claim claim, const GivenProof& given);
};

/// In the order in which they are offered.
std::span<const ProofMethodRow> all_proof_methods();
/// nullptr: the method is not given this way.
const ProofMethodRow* find_proof_method(rights::ProofMethod method);

/// Those of the account, in the order in which they are offered. Errors: unavailable.
base::Result<std::vector<rights::ProofMethod>> list_methods_of(const House& house, store::Tx& tx,
                                                               const identity::Account& account);

}  // namespace flow
