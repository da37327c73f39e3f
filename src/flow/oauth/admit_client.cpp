#include "flow/oauth/admit_client.hpp"

#include "audit/event.hpp"
#include "flow/oauth/find_issuance.hpp"

namespace flow {

base::Result<AdmittedClient> admit_client(const House& house, store::Tx& tx, const ClientCredentials& credentials,
                                          const RequestFacts& facts) {
  AdmittedClient admitted;
  ASSIGN_OR_RETURN(AuthenticatedClient caller, authenticate_client(house, tx, credentials, facts.now));
  if (!caller.reason.empty()) {
    RETURN_IF_ERROR(record_foreign_refusal(
        house, tx, {caller.client ? &*caller.client : nullptr, audit::type::token_refusal, caller.reason}, facts));
    admitted.refusal = OAuthRefusal{OAuthError::invalid_client, "the client is unknown or its proof is wrong"};
    return admitted;
  }
  admitted.client = std::move(caller.client);
  return admitted;
}

base::Result<AdmittedClient> admit_client(const House& house, store::Tx& tx, const ClientCredentials& credentials,
                                          rights::GrantType grant, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(AdmittedClient admitted, admit_client(house, tx, credentials, facts));
  if (admitted.refusal) return admitted;
  const rights::Client& client = *admitted.client;
  if (rights::is_registered(client.grants, rights::name_of(grant)) && rights::allows(grant, credentials.method)) {
    return admitted;
  }
  RETURN_IF_ERROR(
      record_foreign_refusal(house, tx, {&client, audit::type::token_refusal, "grant_not_registered"}, facts));
  admitted.refusal = OAuthRefusal{OAuthError::unauthorized_client, "this client may not use this grant"};
  return admitted;
}

}  // namespace flow
