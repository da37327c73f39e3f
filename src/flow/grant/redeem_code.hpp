// A client exchanges a code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.6). The client is authenticated first.
//
//   client ─ its own code ─ not redeemed ─ not expired ─ redirect_uri, verifier ─ may_issue ─ redeemed exactly once
//                    │ no                 │ no: replay
//                    │                    └─> everything issued from it is revoked (RFC 6749 §4.1.2), audited
//                    └─> refused and audited; the code stays valid for its owner
#pragma once

#include <optional>
#include <string>

#include "flow/house/request_facts.hpp"
#include "flow/oauth/authenticate_client.hpp"
#include "flow/oauth/make_tokens.hpp"
#include "flow/oauth/oauth_error.hpp"

namespace flow {

struct CodeRedemption {
  ClientCredentials client;
  std::string code;
  std::string redirect_uri;
  std::string code_verifier;
  std::string resource;  // RFC 8707; "" = none
};

struct Redeemed {
  std::optional<rights::Client> client;  // after it was authenticated; for CORS
  std::optional<OAuthRefusal> refusal;
  IssuedTokens tokens;  // if there is no refusal
};

/// Errors: unavailable, internal.
base::Result<Redeemed> redeem_code(const House& house, const CodeRedemption& wished, const RequestFacts& facts);

}  // namespace flow
