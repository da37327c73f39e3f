// The client that asks for tokens: authenticated, and registered for the grant (RFC 6749 §5.2). Every grant begins so.
#pragma once

#include <optional>

#include "flow/client/authenticate_client.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "rights/protocol.hpp"

namespace flow {

struct AdmittedClient {
  std::optional<rights::Client> client;  // after it was authenticated; for CORS
  std::optional<OAuthRefusal> refusal;   // nullopt: it may use the grant
};
/// A refusal is recorded. Errors: unavailable.
base::Result<AdmittedClient> admit_client(const House& house, store::Tx& tx, const ClientCredentials& credentials,
                                          rights::GrantType grant, const RequestFacts& facts);
/// The same where no grant is asked for: introspection, revocation, devices, pushed requests.
base::Result<AdmittedClient> admit_client(const House& house, store::Tx& tx, const ClientCredentials& credentials,
                                          const RequestFacts& facts);

}  // namespace flow
