#include "flow/grant/find_userinfo.hpp"

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/grant/look_at_token.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "flow/oauth/validate_request.hpp"
#include "flow/session/subject.hpp"
#include "flow/token/access_token.hpp"
#include "flow/token/claims_wish.hpp"
#include "flow/token/make_tokens.hpp"
#include "store/engine/kept_scope.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

constexpr OAuthRefusal bad_token{OAuthError::invalid_token, "the access token is malformed, expired or revoked"};

struct Look {
  TokenLook token;
  std::optional<std::string> subject;
};

base::Result<Look> look(const House& house, store::Tx& tx, const AccessToken& token, base::Time now) {
  Look seen;
  ASSIGN_OR_RETURN(seen.token, look_at_token(house, tx, token, std::nullopt, now));
  const auto& client = seen.token.client;
  if (!client || (client->is_pairwise && find_sector(*client).empty())) return seen;
  ASSIGN_OR_RETURN(seen.subject, find_known_subject(tx, *client, seen.token.grant->account_id));
  return seen;
}

// OIDC Core §5.3.2: `iss` and `aud` if it is signed. It has no `exp`, without which nothing is an ID token.
std::string make_claims(const House& house, const Look& seen, const std::string& scope) {
  const rights::Client& client = *seen.token.client;
  const ClaimsWish wish = ClaimsWish::parse(seen.token.grant->claims).value_or(ClaimsWish());
  base::JsonObject claims;
  if (!client.userinfo_alg.empty()) claims.text("iss", house.settings.site.issuer).text("aud", client.client_id);
  claims.text("sub", *seen.subject);
  append_context_claim(claims, *seen.token.context, *seen.token.account);
  append_person_claims(claims, *seen.token.account, [&](std::string_view claim) {
    const std::string_view of_claim = scope_of_claim(claim);
    return rights::is_registered(client.scopes, of_claim) &&
           (has_word(scope, of_claim) || wish.wants_in_userinfo(claim));
  });
  return claims.finish();
}

}  // namespace

base::Result<Userinfo> find_userinfo(const House& house, std::string_view access_token, const RequestFacts& facts) {
  const store::KeptScope kept;
  Userinfo answer;
  const auto token = read_access_token(house, access_token, facts.now);
  // RFC 9068 §4: a token for a resource server is none for this one.
  if (!token || !token->grant_id || !is_for(*token, house.settings.site.issuer)) {
    answer.refusal = bad_token;
    return answer;
  }
  ASSIGN_OR_RETURN(const Look seen,
                   house.store.read([&](store::Tx& tx) { return look(house, tx, *token, facts.now); }));
  answer.client = seen.token.client;
  if (!seen.token.is_known || seen.token.is_over || !seen.subject) {
    answer.refusal = bad_token;
    return answer;
  }
  if (seen.token.refusal) {
    const audit::Code reason = *seen.token.refusal;
    RETURN_IF_ERROR(house.store.write([&](store::Tx& tx) {
      return record_foreign_refusal(
          house, tx, {answer.client ? &*answer.client : nullptr, audit::type::token_refusal, reason}, facts);
    }));
    answer.refusal = bad_token;
    return answer;
  }
  if (!has_word(token->scope, "openid")) {
    answer.refusal = OAuthRefusal{OAuthError::insufficient_scope, "scope openid is needed"};
    return answer;
  }
  answer.claims = make_claims(house, seen, token->scope);
  if (answer.client->userinfo_alg.empty()) return answer;
  ASSIGN_OR_RETURN(const auto algorithm, crypto::parse_algorithm(answer.client->userinfo_alg));
  ASSIGN_OR_RETURN(answer.jwt, house.keys.sign(algorithm, "JWT", answer.claims, facts.now));
  return answer;
}

}  // namespace flow
