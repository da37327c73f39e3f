// What a token says, read in the transaction that issues it: subject, scope, audience and rights. One way for the code,
// the refresh token, the device and the client that acts for itself, so that what is true of one is true of all.
#pragma once

#include <string>
#include <variant>

#include "flow/house/request_facts.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "flow/resource/find_access.hpp"
#include "flow/token/make_tokens.hpp"

namespace flow {

/// What the token request itself asks for; "" = all that the grant has.
struct TokenWish {
  std::string scope;     // words (RFC 6749 §6)
  std::string resource;  // words (RFC 8707 §2.2)
};

/// `issuance`: judged in this transaction, without a refusal. Gives what the tokens say, or invalid_scope or
/// invalid_target. Errors: unavailable.
base::Result<std::variant<TokenFacts, OAuthRefusal>> find_token_facts(const House& house, store::Tx& tx,
                                                                      Issuance issuance, const store::Grant& grant,
                                                                      const TokenWish& wish);

/// What a token says of the decision. `openid`: it is for userinfo too, unless resource servers were named. The
/// audience is the issuer where nothing else is.
TokenAccess make_access(const House& house, Access access, bool names_resource);

/// Records that tokens were issued for a grant.
base::Result<void> record_tokens(store::Tx& tx, const TokenFacts& facts, const RequestFacts& request);

}  // namespace flow
