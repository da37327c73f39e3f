// A client proves who it is by a JWT that it has signed (private_key_jwt: OIDC Core §9, RFC 7523 §2.2 and §3). The keys
// are those that were registered for the client, or that were fetched from its jwks_uri before: no request of a
// stranger makes this server call another one (security rule 11).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/value.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "rights/client.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// Octets of an assertion.
inline constexpr std::size_t longest_assertion = 4096;
/// "urn:ietf:params:oauth:client-assertion-type:jwt-bearer": the only client_assertion_type (RFC 7523 §2.2).
inline constexpr std::string_view assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The client that the assertion names in `sub`, before anything is verified; "" = it is not readable.
std::string find_asserted_client(std::string_view assertion);

/// Inside the writing transaction: why the assertion does not authenticate the client; "" = it does, and it counts no
/// second time on any node. `iss` = `sub` = the client_id, `aud` = the issuer as a single string (RFC 7523bis), `jti`
/// once, `exp` at most an hour ahead; a clock may be 10 s behind and 60 s ahead. The reason is for audit only.
/// Errors: unavailable.
base::Result<audit::Code> judge_client_assertion(const House& house, store::Tx& tx, const rights::Client& client,
                                                 std::string_view assertion, base::Time now);

/// Clients (client.id) with a jwks_uri whose assertion named a key that is not among the fetched ones, since the last
/// call in this process. For the background turn that fetches keys. Thread-safe.
std::vector<base::Id> take_clients_with_new_keys();

}  // namespace flow
