// Who calls the API below /api/v1: an application, by its secret or by an access token whose audience is the API and
// that has the scope of the call (S4.20). Both are the same caller: what it may do is judged after this.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "audit/value.hpp"
#include "base/result.hpp"
#include "flow/client/authenticate_client.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/token/access_token.hpp"
#include "rights/client.hpp"
#include "store/engine/store.hpp"

namespace flow {

struct BearerToken {
  std::string value;
};
using CallerProof = std::variant<ClientCredentials, BearerToken>;
/// The same, with the token read; nullopt: it is malformed, expired or not one of ours.
using ReadProof = std::variant<ClientCredentials, std::optional<AccessToken>>;
/// Verifies the signature, so it is called outside of a transaction.
ReadProof read_proof(const House& house, const CallerProof& proof, base::Time now);

struct Caller {
  std::optional<rights::Client> client;  // as stored; nullopt: unknown
  audit::Code reason;                    // "" = it is the caller; for audit only
  bool lacks_scope = false;              // the token is good, but has not the scope (RFC 6750 §3.1)
  std::optional<base::Id> account{};     // for whom the client acts with the token; nullopt: for itself
};

/// A token is judged anew, with the session, the account, the context and the client that it stands for, and with the
/// right to the scope: what was taken away since it was issued ends it. `scope`: of the call, "audit:write". A public
/// client is no caller by credentials, because its name proves nothing. Errors: unavailable, internal.
base::Result<Caller> find_caller(const House& house, store::Tx& tx, const ReadProof& proof, std::string_view scope,
                                 const RequestFacts& facts);

}  // namespace flow
