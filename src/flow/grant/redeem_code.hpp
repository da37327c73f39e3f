// A client exchanges a code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.6). The client is authenticated first.
//
//   client ─ its own code ─ not redeemed ─ not expired ─ redirect_uri, verifier ─ may_issue ─ redeemed exactly once
//                    │ no                 │ no: replay
//                    │                    └─> everything issued from it is revoked (RFC 6749 §4.1.2), audited
//                    └─> refused and audited; the code stays valid for its owner
#pragma once

#include <optional>
#include <string>

#include "flow/client/authenticate_client.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "flow/token/make_tokens.hpp"
#include "rights/session.hpp"
#include "store/oauth/grants.hpp"

namespace flow {

struct CodeRedemption {
  ClientCredentials client;
  std::string code;
  std::string redirect_uri;
  std::string code_verifier;
  std::string resource;  // words (RFC 8707 §2.2); "" = all that was granted
};

struct Redeemed {
  std::optional<rights::Client> client;  // after it was authenticated; for CORS
  std::optional<OAuthRefusal> refusal;
  IssuedTokens tokens;  // if there is no refusal
};

/// How a grant lives on once its code is redeemed: with a refresh token if the client is registered for them, as long
/// as the session, or, with offline_access, for a time of its own.
store::GrantLife find_life(const House& house, const rights::Client& client, const store::Grant& grant,
                           const rights::Session& session, base::Time now);

/// Errors: unavailable, internal.
base::Result<Redeemed> redeem_code(const House& house, const CodeRedemption& wished, const RequestFacts& facts);

}  // namespace flow
