#include "flow/token/make_tokens.hpp"

#include <algorithm>

#include "base/time.hpp"
#include "base/words.hpp"
#include "crypto/digest/digest.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/house/name_of_context.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/session/subject.hpp"
#include "flow/token/access_token.hpp"
#include "flow/token/claims_wish.hpp"
#include "flow/token/refresh_token.hpp"
#include "flow/token/token_settings.hpp"
#include "store/oauth/grants.hpp"
#include "text/text.hpp"

namespace flow {
namespace {

std::int64_t count_seconds(base::Duration duration) {
  return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

void append_login_claims(base::JsonObject& claims, const store::Grant& grant) {
  claims.number("auth_time", base::to_seconds(grant.auth_time));
  claims.text("acr", name_acr(grant.level));
  claims.words("amr", grant.amr);
  claims.text_if("sid", grant.sid);
}

// RFC 9068 §2.2.3.1. One audience is text, for readers that know no other form (RFC 7519 §4.1.3).
void append_access(base::JsonObject& claims, const TokenAccess& access) {
  if (access.audience.find(' ') == std::string::npos) {
    claims.text("aud", access.audience);
  } else {
    claims.words("aud", access.audience);
  }
  claims.text_if("scope", access.scope);
  if (!access.permissions.empty()) claims.words("permissions", base::join(access.permissions, " "));
  if (!access.roles.empty()) claims.words("roles", base::join(access.roles, " "));
}

struct Lifetime {
  base::Time from;
  std::int64_t lasts = 0;  // seconds
};

void append_frame(base::JsonObject& claims, const House& house, std::string_view subject, const Lifetime& life) {
  claims.text("iss", house.settings.site.issuer).text("sub", subject);
  claims.number("iat", base::to_seconds(life.from)).number("exp", base::to_seconds(life.from) + life.lasts);
}

std::string make_access_claims(const House& house, const TokenFacts& facts, const Lifetime& life) {
  base::JsonObject claims;
  append_frame(claims, house, facts.subject, life);
  claims.text("client_id", facts.client.client_id).text("jti", base::to_base64url(make_jti(facts.grant.id)));
  append_access(claims, facts.access);
  append_login_claims(claims, facts.grant);
  claims.text("account_kind", identity::name_of(facts.account.kind));
  append_context_claim(claims, facts.context, facts.account);
  return claims.finish();
}

base::Result<std::string> print_access_token(const House& house, const rights::Client& client,
                                             const std::string& claims, base::Time now) {
  if (client.opaque_tokens) return seal_access_token(house, claims);
  return house.keys.sign(crypto::Algorithm::es256, "at+jwt", claims, now);
}

// A token never outlives what it was made from.
std::int64_t lasting(const House& house, const std::optional<base::Time>& end, base::Time now) {
  const base::Duration most = house.settings.token.access_token_lasts;
  return count_seconds(end ? std::min<base::Duration>(most, *end - now) : most);
}

// OIDC Core §3.1.3.6: the left half of the hash that the ID token's algorithm uses; both of ours use SHA-256.
std::string make_at_hash(std::string_view access_token) {
  return base::to_base64url(std::string_view(crypto::sha256(access_token)).substr(0, 16));
}

// Other personal data is at userinfo, because an ID token stays in logs, storages of browsers and addresses. `name` is
// for applications of the house; one that registered itself gets what it asked for and no more.
bool wants_in_id_token(const TokenFacts& facts, const ClaimsWish& wish, std::string_view claim) {
  if (!rights::is_registered(facts.client.scopes, scope_of_claim(claim))) return false;
  if (wish.wants_in_id_token(claim)) return true;
  if (!base::has_word(facts.access.scope, scope_of_claim(claim))) return false;
  const auto& registered = facts.client.id_token_claims;
  return (claim == "name" && !facts.client.is_dynamic) ||
         std::find(registered.begin(), registered.end(), claim) != registered.end();
}

std::string make_id_claims(const House& house, const TokenFacts& facts, std::string_view access_token, base::Time now) {
  base::JsonObject claims;
  append_frame(claims, house, facts.subject, {now, count_seconds(house.settings.token.id_token_lasts)});
  claims.text("aud", facts.client.client_id);
  // OIDC Core §12.2: not again when the token is refreshed.
  if (facts.grant.generation < 2) claims.text_if("nonce", facts.grant.nonce);
  claims.text("at_hash", make_at_hash(access_token));
  append_login_claims(claims, facts.grant);
  const ClaimsWish wish = ClaimsWish::parse(facts.grant.claims).value_or(ClaimsWish());
  const bool all = facts.client.context_in_id_token;
  if (all || wish.wants_in_id_token("account_kind")) {
    claims.text("account_kind", identity::name_of(facts.account.kind));
  }
  if (all || wish.wants_in_id_token("context")) append_context_claim(claims, facts.context, facts.account);
  append_person_claims(claims, facts.account,
                       [&](std::string_view claim) { return wants_in_id_token(facts, wish, claim); });
  return claims.finish();
}

}  // namespace

std::string name_acr(std::int64_t level) {
  return "urn:chancery:acr:" + std::to_string(level);
}

// An address that is not in force is never given out, because an application may believe that it belongs to the person.
// One that an administrator entered is told as not verified until the person has confirmed it.
void append_person_claims(base::JsonObject& claims, const identity::Account& account, const WantsClaim& wants) {
  const auto append = [&](std::string_view name, std::string_view value) {
    if (wants(name)) claims.text_if(name, value);
  };
  append("name", account.display_name());
  append("given_name", account.given_name);
  append("family_name", account.family_name);
  append("preferred_username", account.login);
  append("locale", account.locale);
  if (wants("updated_at"))
    claims.number("updated_at", base::to_seconds(account.changed_at.value_or(account.created_at)));
  if (account.has_email_in_force() && (wants("email") || wants("email_verified"))) {
    claims.text("email", account.email).flag("email_verified", account.email_verified);
  }
  if (account.has_phone_in_force() && (wants("phone_number") || wants("phone_number_verified"))) {
    claims.text("phone_number", account.phone).flag("phone_number_verified", account.phone_verified);
  }
}

std::string keep_registered(const rights::Client& client, std::string_view scope) {
  return base::keep_words(scope, [&](std::string_view word) { return rights::is_registered(client.scopes, word); });
}

void append_context_claim(base::JsonObject& claims, const rights::ActingContext& context,
                          const identity::Account& account) {
  base::JsonObject object;
  object.text("id", context.key);
  object.text("name", name_of_context(context, text::choose_language({}, account.locale, {})));
  claims.raw("context", object.finish());
}

base::Result<IssuedTokens> make_tokens(const House& house, const TokenFacts& facts, base::Time now) {
  IssuedTokens issued;
  issued.scope = facts.access.scope;
  const bool has_refresh = facts.grant.generation > 0;
  issued.expires_in = lasting(house, has_refresh ? std::optional(facts.grant.expires_at) : std::nullopt, now);
  ASSIGN_OR_RETURN(
      issued.access_token,
      print_access_token(house, facts.client, make_access_claims(house, facts, {now, issued.expires_in}), now));
  if (has_refresh) issued.refresh_token = print_refresh_token(house, {facts.grant.id, facts.grant.generation});
  if (!base::has_word(issued.scope, "openid")) return issued;
  ASSIGN_OR_RETURN(const auto algorithm, crypto::parse_algorithm(facts.client.id_token_alg));
  ASSIGN_OR_RETURN(issued.id_token,
                   house.keys.sign(algorithm, "JWT", make_id_claims(house, facts, issued.access_token, now), now));
  return issued;
}

base::Result<IssuedTokens> make_machine_token(const House& house, const MachineFacts& facts, base::Time now) {
  IssuedTokens issued;
  issued.scope = facts.access.scope;
  issued.expires_in = lasting(house, std::nullopt, now);
  base::JsonObject claims;
  // RFC 9068 §2.2: without a person the subject is the client, which here may be an account of its own.
  append_frame(claims, house, find_subject_of_machine(facts.client), {now, issued.expires_in});
  claims.text("client_id", facts.client.client_id).text("jti", base::to_base64url(make_jti()));
  append_access(claims, facts.access);
  if (facts.account) claims.text("account_kind", identity::name_of(facts.account->kind));
  if (facts.account && facts.context) append_context_claim(claims, *facts.context, *facts.account);
  ASSIGN_OR_RETURN(issued.access_token, print_access_token(house, facts.client, claims.finish(), now));
  return issued;
}

}  // namespace flow
