// An application gives a token back (RFC 7009). A refresh token ends the grant with all that was issued from it; an
// access token ends alone.
#pragma once

#include "flow/grant/introspect.hpp"

namespace flow {

struct Revocation {
  std::optional<rights::Client> client;  // after it was authenticated; for CORS
  std::optional<OAuthRefusal> refusal;   // invalid_client; unauthorized_client: the token is another client's
};
/// A token that is unknown, over or revoked already is no error (§2.2). Errors: unavailable, internal.
base::Result<Revocation> revoke_token(const House& house, const TokenQuestion& question, const RequestFacts& facts);

}  // namespace flow
