#include "flow/oauth/make_tokens.hpp"

#include <algorithm>

#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "crypto/jwt.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/house/name_of_context.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/oauth/token_settings.hpp"
#include "flow/oauth/validate_request.hpp"
#include "store/oauth/grants.hpp"
#include "text/text.hpp"

namespace flow {
namespace {

std::int64_t count_seconds(base::Duration duration) {
  return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

// The id of the grant (16 octets), so that no table of tokens is needed to find it, and 8 random octets.
std::string make_jti(const store::Grant& grant) {
  return base::to_base64url(std::string(grant.id.bytes()) + base::random_bytes(8));
}

void append_login_claims(base::JsonObject& claims, const TokenFacts& facts) {
  claims.number("auth_time", base::to_seconds(facts.grant.auth_time));
  claims.text("acr", name_acr(facts.grant.level));
  claims.words("amr", facts.grant.amr);
  claims.text("sid", facts.grant.sid);
  claims.text("account_kind", identity::name_of(facts.account.kind));
  append_context_claim(claims, facts.context, facts.account);
}

std::string make_access_claims(const House& house, const TokenFacts& facts, base::Time now, std::int64_t lasts) {
  const std::int64_t issued_at = base::to_seconds(now);
  base::JsonObject claims;
  claims.text("iss", house.settings.site.issuer).text("sub", facts.account.id.to_string());
  claims.text("aud", house.settings.site.issuer).text("client_id", facts.client.client_id);
  claims.number("iat", issued_at).number("exp", issued_at + lasts).text("jti", make_jti(facts.grant));
  claims.text("scope", facts.grant.scope);
  append_login_claims(claims, facts);
  return claims.finish();
}

// OIDC Core §3.1.3.6: the left half of the hash that the ID token's algorithm uses; both of ours use SHA-256.
std::string make_at_hash(std::string_view access_token) {
  return base::to_base64url(std::string_view(crypto::sha256(access_token)).substr(0, 16));
}

std::string make_id_claims(const House& house, const TokenFacts& facts, std::string_view access_token, base::Time now) {
  const std::int64_t issued_at = base::to_seconds(now);
  base::JsonObject claims;
  claims.text("iss", house.settings.site.issuer)
      .text("sub", facts.account.id.to_string())
      .text("aud", facts.client.client_id);
  claims.number("iat", issued_at).number("exp", issued_at + count_seconds(house.settings.token.id_token_lasts));
  claims.text_if("nonce", facts.grant.nonce).text("at_hash", make_at_hash(access_token));
  append_login_claims(claims, facts);
  // Other personal data is at userinfo, because an ID token stays in logs, storages of browsers and addresses.
  append_person_claims(claims, facts.account, facts.grant.scope, [&](std::string_view claim) {
    const auto& asked = facts.client.id_token_claims;
    return claim == "name" || std::find(asked.begin(), asked.end(), claim) != asked.end();
  });
  return claims.finish();
}

}  // namespace

std::string name_acr(std::int64_t level) {
  return "urn:chancery:acr:" + std::to_string(level);
}

// An address that is not in force is never given out, because an application may believe that it belongs to the person.
// One that an administrator entered is told as not verified until the person has confirmed it.
void append_person_claims(base::JsonObject& claims, const identity::Account& account, std::string_view scope,
                          const WantsClaim& wants) {
  const auto append = [&](std::string_view name, std::string_view value) {
    if (wants(name)) claims.text_if(name, value);
  };
  if (has_word(scope, "profile")) {
    append("name", account.display_name());
    append("given_name", account.given_name);
    append("family_name", account.family_name);
    append("preferred_username", account.login);
    append("locale", account.locale);
  }
  if (has_word(scope, "email") && account.has_email_in_force() && wants("email")) {
    claims.text("email", account.email).flag("email_verified", account.email_verified);
  }
  if (has_word(scope, "phone") && account.has_phone_in_force() && wants("phone_number")) {
    claims.text("phone_number", account.phone).flag("phone_number_verified", account.phone_verified);
  }
}

void append_context_claim(base::JsonObject& claims, const rights::ActingContext& context,
                          const identity::Account& account) {
  base::JsonObject object;
  object.text("id", context.key);
  object.text("name", name_of_context(context, text::choose_language({}, account.locale, {})));
  claims.raw("context", object.finish());
}

std::optional<base::Id> find_grant_id(std::string_view jti) {
  const auto octets = base::parse_base64url(jti);
  if (!octets || octets->size() != 24) return std::nullopt;
  return base::Id::from_bytes(std::string_view(*octets).substr(0, 16)).value_or(base::Id());
}

base::Result<IssuedTokens> make_tokens(const House& house, const TokenFacts& facts, base::Time now) {
  IssuedTokens issued;
  issued.scope = facts.grant.scope;
  issued.expires_in = count_seconds(house.settings.token.access_token_lasts);
  ASSIGN_OR_RETURN(const auto access_key, house.keys.find_signer(crypto::Algorithm::es256, now));
  ASSIGN_OR_RETURN(issued.access_token,
                   crypto::sign_jwt(access_key, "at+jwt", make_access_claims(house, facts, now, issued.expires_in)));
  if (!has_word(issued.scope, "openid")) return issued;
  ASSIGN_OR_RETURN(const auto algorithm, crypto::parse_algorithm(facts.client.id_token_alg));
  ASSIGN_OR_RETURN(const auto id_key, house.keys.find_signer(algorithm, now));
  ASSIGN_OR_RETURN(issued.id_token,
                   crypto::sign_jwt(id_key, "JWT", make_id_claims(house, facts, issued.access_token, now)));
  return issued;
}

}  // namespace flow
