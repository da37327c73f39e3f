#include "flow/oauth/find_userinfo.hpp"

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/house/read_claims.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "flow/oauth/make_tokens.hpp"
#include "flow/oauth/validate_request.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/grants.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

constexpr OAuthRefusal bad_token{OAuthError::invalid_token, "the access token is malformed, expired or revoked"};

// RFC 9068 §4: type and signature, issuer, audience, time. Gives the grant of the token.
std::optional<base::Id> find_grant_of(const House& house, std::string_view token, base::Time now) {
  const auto text = house.keys.verify("at+jwt", token, now);
  if (!text) return std::nullopt;
  const auto claims = Claims::parse(*text);
  if (!claims || claims->text("iss") != house.settings.site.issuer ||
      claims->text("aud") != house.settings.site.issuer) {
    return std::nullopt;
  }
  const auto expires = claims->number("exp");
  if (!expires || now >= base::from_seconds(*expires)) return std::nullopt;
  return find_grant_id(claims->text("jti"));
}

std::string make_claims(const Issuance& issuance, const store::Grant& grant) {
  base::JsonObject claims;
  claims.text("sub", issuance.account->id.to_string());
  append_context_claim(claims, *issuance.context, *issuance.account);
  append_person_claims(claims, *issuance.account, grant.scope, [](std::string_view) { return true; });
  return claims.finish();
}

struct Look {
  std::optional<store::Grant> grant;
  Issuance issuance;
};

}  // namespace

base::Result<Userinfo> find_userinfo(const House& house, std::string_view access_token, const RequestFacts& facts) {
  Userinfo answer;
  const std::optional<base::Id> grant_id = find_grant_of(house, access_token, facts.now);
  if (!grant_id) {
    answer.refusal = bad_token;
    return answer;
  }
  ASSIGN_OR_RETURN(Look seen, house.store.read([&](store::Tx& tx) -> base::Result<Look> {
    Look look;
    ASSIGN_OR_RETURN(look.grant, store::find_grant(tx, *grant_id));
    if (!look.grant) return look;
    ASSIGN_OR_RETURN(look.issuance, find_issuance(tx, look.grant->session_id, look.grant->client_id,
                                                  look.grant->context_id, facts.now));
    return look;
  }));
  answer.client = seen.issuance.client;
  if (!seen.grant || seen.grant->revoked_at || !seen.grant->redeemed_at) {
    answer.refusal = bad_token;
    return answer;
  }
  if (seen.issuance.refusal) {
    const audit::Code reason = *seen.issuance.refusal;
    RETURN_IF_ERROR(house.store.write([&](store::Tx& tx) {
      return record_foreign_refusal(
          house, tx, {answer.client ? &*answer.client : nullptr, audit::type::token_refusal, reason}, facts);
    }));
    answer.refusal = bad_token;
    return answer;
  }
  if (!has_word(seen.grant->scope, "openid")) {
    answer.refusal = OAuthRefusal{OAuthError::insufficient_scope, "scope openid is needed"};
    return answer;
  }
  answer.claims = make_claims(seen.issuance, *seen.grant);
  return answer;
}

}  // namespace flow
