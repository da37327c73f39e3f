// The tokens of a grant: access token (RFC 9068) and ID token (OIDC Core §2), and the claims about a person, which
// userinfo shares (§5.4). Nothing is decided here: the facts come with the clearance of may_issue.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

/// What a token allows, and where.
struct TokenAccess {
  std::string scope;                     // words
  std::string audience;                  // words: the issuer, identifiers of resource servers
  std::vector<std::string> permissions;  // of the resource servers, in this context (S4.20)
  std::vector<std::string> roles;
};

struct TokenFacts {
  rights::Clearance clearance;
  identity::Account account;
  rights::Client client;
  rights::ActingContext context;
  store::Grant grant;
  std::string subject{};  // as this client knows the person
  TokenAccess access{};
};

/// A token of a client that acts for itself (RFC 6749 §4.4).
struct MachineFacts {
  rights::Clearance clearance;
  rights::Client client;
  std::optional<identity::Account> account;      // that it is one identity with (S4.27)
  std::optional<rights::ActingContext> context;  // of the account
  TokenAccess access;
};

struct IssuedTokens {
  std::string access_token;
  std::string id_token;       // "" without scope openid
  std::string refresh_token;  // "" = none
  std::string scope;
  std::int64_t expires_in = 0;  // seconds, of the access token
};

/// Signs; call it outside of a write transaction. Errors: internal, unavailable.
base::Result<IssuedTokens> make_tokens(const House& house, const TokenFacts& facts, base::Time now);
base::Result<IssuedTokens> make_machine_token(const House& house, const MachineFacts& facts, base::Time now);

/// "urn:chancery:acr:2".
std::string name_acr(std::int64_t level);

using WantsClaim = std::function<bool(std::string_view claim)>;
/// Claims about a person (OIDC Core §5.1) for which `wants` is true; "email" and "phone_number" bring their
/// "…_verified".
void append_person_claims(base::JsonObject& claims, const identity::Account& account, const WantsClaim& wants);

/// The words of a granted scope for which the client is still registered: what an administrator took from it is in no
/// later token and in no later answer.
std::string keep_registered(const rights::Client& client, std::string_view scope);

/// The claim `context`: {"id":key,"name":…} in the account's language.
void append_context_claim(base::JsonObject& claims, const rights::ActingContext& context,
                          const identity::Account& account);

}  // namespace flow
