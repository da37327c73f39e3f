#include "flow/login/login_passkey.hpp"

#include "audit/event.hpp"
#include "flow/login/login_key.hpp"
#include "flow/proof/passkey_proof.hpp"

namespace flow {

base::Result<LoginDone> login_passkey(const House& house, const PasskeyLogin& wished, const RequestFacts& facts) {
  const ProofUse use{
      .event = audit::type::login, .client_id = wished.client_id, .method = rights::ProofMethod::passkey};
  ASSIGN_OR_RETURN(Proving proving, begin_proof(house, facts, use, {}));
  ASSIGN_OR_RETURN(PasskeyProof proof, compare_passkey_login(proving, wished.answer, wished.bound_to));
  return login_key(proving, proof, {wished.replaced_cookie, wished.client_id});
}

}  // namespace flow
