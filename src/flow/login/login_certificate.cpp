#include "flow/login/login_certificate.hpp"

#include "audit/event.hpp"
#include "flow/login/login_key.hpp"
#include "flow/proof/certificate_proof.hpp"

namespace flow {

base::Result<LoginDone> login_certificate(const House& house, const CertificateLogin& wished,
                                          const RequestFacts& facts) {
  const ProofUse use{
      .event = audit::type::login, .client_id = wished.client_id, .method = rights::ProofMethod::certificate};
  ASSIGN_OR_RETURN(Proving proving, begin_proof(house, facts, use, {}));
  ASSIGN_OR_RETURN(CertificateProof proof,
                   compare_certificate(proving, {}, {CertificateUse::login, wished.attempt, {}}, wished.presented));
  return login_key(proving, proof, {wished.replaced_cookie, wished.client_id});
}

}  // namespace flow
