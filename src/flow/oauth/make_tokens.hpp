// The tokens of a grant: access token (RFC 9068) and ID token (OIDC Core §2), and the claims about a person, which
// userinfo shares (§5.4). Nothing is decided here: the facts come with the clearance of may_issue.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "identity/account/account.hpp"
#include "rights/client.hpp"
#include "rights/context.hpp"
#include "rights/may_issue.hpp"
#include "store/oauth/grants.hpp"
#include "store/session/sessions.hpp"

namespace flow {

struct TokenFacts {
  rights::Clearance clearance;
  identity::Account account;
  rights::Client client;
  rights::ActingContext context;
  store::Grant grant;
};

struct IssuedTokens {
  std::string access_token;
  std::string id_token;  // "" without scope openid
  std::string scope;
  std::int64_t expires_in = 0;  // seconds, of the access token
};

/// Signs; call it outside of a write transaction. Errors: internal, unavailable.
base::Result<IssuedTokens> make_tokens(const House& house, const TokenFacts& facts, base::Time now);

/// "urn:chancery:acr:2".
std::string name_acr(std::int64_t level);

using WantsClaim = std::function<bool(std::string_view claim)>;
/// Claims of the scopes profile, email and phone (OIDC Core §5.4) that `scope` names and for which `wants` is true;
/// "email" and "phone_number" bring their "…_verified".
void append_person_claims(base::JsonObject& claims, const identity::Account& account, std::string_view scope,
                          const WantsClaim& wants);

/// The claim `context`: {"id":key,"name":…} in the account's language.
void append_context_claim(base::JsonObject& claims, const rights::ActingContext& context,
                          const identity::Account& account);

/// The grant that an access token's `jti` names; nullopt if it has another form than make_tokens() gives it.
std::optional<base::Id> find_grant_id(std::string_view jti);

}  // namespace flow
