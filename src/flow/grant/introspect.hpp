// What a token stands for now (RFC 7662): every fact is read again, so that a suspension, a right that was taken away
// or a revocation shows at once. Nothing is written for a good question. Invariant: a client learns about its own
// tokens and those for its own resources; every other token is "not active".
#pragma once

#include <optional>
#include <string>

#include "flow/client/authenticate_client.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/oauth/oauth_error.hpp"

namespace flow {

struct TokenQuestion {
  ClientCredentials client;
  std::string token;
};
struct Introspection {
  std::optional<rights::Client> client;  // after it was authenticated; for CORS
  std::optional<OAuthRefusal> refusal;   // invalid_client
  std::string claims;                    // JSON object with "active"
};
/// Errors: unavailable, internal.
base::Result<Introspection> introspect(const House& house, const TokenQuestion& question, const RequestFacts& facts);

}  // namespace flow
