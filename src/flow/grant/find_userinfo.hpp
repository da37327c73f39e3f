// Claims about the person of an access token (OIDC Core §5.3). The token is a JWT, but the grant and all facts for
// may_issue are read again, so that a revocation or suspension has its effect at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "rights/client.hpp"

namespace flow {

struct Userinfo {
  std::optional<OAuthRefusal> refusal;   // invalid_token, insufficient_scope
  std::optional<rights::Client> client;  // whose token it is; for CORS
  std::string claims;                    // JSON object
  std::string jwt{};  // the same, signed, for a client that is registered for it (§5.3.2); "" = none
};

/// Errors: unavailable, internal.
base::Result<Userinfo> find_userinfo(const House& house, std::string_view access_token, const RequestFacts& facts);

}  // namespace flow
