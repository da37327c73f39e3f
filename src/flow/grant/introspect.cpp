#include "flow/grant/introspect.hpp"

#include <utility>

#include "base/json.hpp"
#include "base/words.hpp"
#include "flow/grant/look_at_token.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/oauth/admit_client.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "flow/resource/find_access.hpp"
#include "flow/session/subject.hpp"
#include "flow/token/access_token.hpp"
#include "flow/token/make_tokens.hpp"
#include "flow/token/refresh_token.hpp"
#include "store/engine/kept_scope.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/grants.hpp"

namespace flow {
namespace {

// "" = not active.
using Claims = base::Result<std::string>;

struct Asked {
  const House& house;
  store::Tx& tx;
  const rights::Client& client;
  base::Time now;
};

/// Whether the client may be told about a token of `owner`: its own, one for a resource server that asks as this
/// client, or, for an API of the same organisation that is registered as no resource server, one that is for nobody
/// else.
base::Result<bool> may_ask(const Asked& is, const AccessToken& token, const rights::Client& owner) {
  if (owner.id == is.client.id) return true;
  ASSIGN_OR_RETURN(const auto own, list_own_resources(is.tx, is.client));
  for (const std::string& identifier : own) {
    if (is_for(token, identifier)) return true;
  }
  // One that registered itself is no API of the house.
  return own.empty() && is.client.kind == rights::ClientKind::resource && !is.client.is_dynamic &&
         owner.tenant_id == is.client.tenant_id && token.audience.size() == 1 &&
         is_for(token, is.house.settings.site.issuer);
}

/// What the token still allows: never more than it says, and what the rules give now.
struct Scopes {
  bool is_over = false;  // no resource that the token is for can be reached any more
  std::string scope;
  std::vector<std::string> permissions;
  std::vector<std::string> roles;
};
base::Result<Scopes> find_scopes(const Asked& is, const AccessToken& token, const AccessQuery& who) {
  const std::string& issuer = is.house.settings.site.issuer;
  AccessQuery query = who;
  std::string resource = base::join(token.audience, " ");
  // A resource server is told what the token allows at itself, and nothing about others that it is for too.
  if (who.client.id != is.client.id) {
    ASSIGN_OR_RETURN(const auto own, list_own_resources(is.tx, is.client));
    std::vector<std::string> meant;
    for (const std::string& identifier : own) {
      if (is_for(token, identifier)) meant.push_back(identifier);
    }
    if (!meant.empty()) resource = base::join(meant, " ");
  }
  const bool is_for_issuer_alone = resource == issuer;
  query.resource = is_for_issuer_alone ? std::string_view() : std::string_view(resource);
  const std::string kept = keep_registered(who.client, token.scope);
  query.scope = kept;
  ASSIGN_OR_RETURN(Access access, find_access(is.house, is.tx, query));
  return Scopes{!access.refused.empty(), std::move(access.scope), std::move(access.permissions),
                std::move(access.roles)};
}

void append_scopes(base::JsonObject& claims, const Scopes& allowed) {
  claims.text_if("scope", allowed.scope);
  if (!allowed.permissions.empty()) claims.words("permissions", base::join(allowed.permissions, " "));
  if (!allowed.roles.empty()) claims.words("roles", base::join(allowed.roles, " "));
}

void append_frame(base::JsonObject& claims, const Asked& is, const AccessToken& token) {
  claims.flag("active", true).text("token_type", "Bearer").text("iss", is.house.settings.site.issuer);
  claims.text("client_id", token.client_id).text("sub", token.subject);
  if (token.audience.size() == 1) {
    claims.text("aud", token.audience.front());
  } else {
    claims.words("aud", base::join(token.audience, " "));
  }
  claims.number("iat", base::to_seconds(token.issued_at)).number("exp", base::to_seconds(token.expires_at));
  claims.text("jti", base::to_base64url(token.jti));
}

// The login name is a claim of the scope profile. Applications of the house have it in any case; a pairwise one never,
// because it would tell who the person is elsewhere.
bool may_know_login(const rights::Client& owner, std::string_view scope) {
  return !owner.is_pairwise && (!rights::needs_consent(owner) || base::has_word(scope, "profile"));
}

/// Who logged in, and how.
struct Person {
  const rights::Client& client;
  const identity::Account& account;
  const rights::ActingContext& context;
  const store::Grant& grant;
};

void append_person(base::JsonObject& claims, const Person& who) {
  if (may_know_login(who.client, who.grant.scope)) claims.text_if("username", who.account.login);
  claims.text("account_kind", identity::name_of(who.account.kind));
  claims.number("auth_time", base::to_seconds(who.grant.auth_time));
  claims.text("acr", name_acr(who.grant.level)).words("amr", who.grant.amr);
  append_context_claim(claims, who.context, who.account);
}

void append_machine(base::JsonObject& claims, const TokenLook& look) {
  if (!look.account) return;
  claims.text_if("username", look.account->login).text("account_kind", identity::name_of(look.account->kind));
  if (look.context) append_context_claim(claims, *look.context, *look.account);
}

Claims describe_access_token(const Asked& is, const AccessToken& token) {
  ASSIGN_OR_RETURN(const TokenLook look, look_at_token(is.house, is.tx, token, std::nullopt, is.now));
  if (!look.holds()) return std::string();
  ASSIGN_OR_RETURN(const bool is_allowed, may_ask(is, token, *look.client));
  if (!is_allowed) return std::string();
  ASSIGN_OR_RETURN(const Scopes allowed, find_scopes(is, token,
                                                     {*look.client, look.account ? &*look.account : nullptr,
                                                      look.context ? &*look.context : nullptr}));
  if (allowed.is_over) return std::string();
  base::JsonObject claims;
  append_frame(claims, is, token);
  append_scopes(claims, allowed);
  if (look.grant) {
    append_person(claims, {*look.client, *look.account, *look.context, *look.grant});
  } else {
    append_machine(claims, look);
  }
  return claims.finish();
}

// Only to the client that it was issued to; one that was followed by another is over for whoever asks.
Claims describe_refresh_token(const Asked& is, const RefreshToken& token) {
  ASSIGN_OR_RETURN(const auto grant, store::find_grant(is.tx, token.grant_id));
  if (!grant || grant->client_id != is.client.id || grant->revoked_at || grant->generation != token.generation) {
    return std::string();
  }
  const base::Time end = std::min(grant->expires_at, grant->refresh_until.value_or(grant->expires_at));
  if (is.now >= end) return std::string();
  ASSIGN_OR_RETURN(const Issuance issuance, find_issuance(is.house, is.tx, *grant, is.client, is.now));
  if (issuance.refusal) return std::string();
  ASSIGN_OR_RETURN(const auto subject, find_known_subject(is.tx, is.client, grant->account_id));
  base::JsonObject claims;
  claims.flag("active", true).text("iss", is.house.settings.site.issuer).text("client_id", is.client.client_id);
  claims.text_if("sub", subject.value_or("")).text_if("scope", keep_registered(is.client, grant->scope));
  claims.number("exp", base::to_seconds(end));
  append_person(claims, {*issuance.client, *issuance.account, *issuance.context, *grant});
  return claims.finish();
}

struct Look {
  AuthenticatedClient caller;
  std::string claims;
};

}  // namespace

base::Result<Introspection> introspect(const House& house, const TokenQuestion& question, const RequestFacts& facts) {
  const store::KeptScope kept;
  const auto access = read_access_token(house, question.token, facts.now);
  const auto refresh = access ? std::nullopt : parse_refresh_token(house, question.token);
  Introspection answer;
  // An assertion counts once, which is written.
  if (question.client.method == ClientMethod::assertion) {
    ASSIGN_OR_RETURN(AdmittedClient admitted,
                     house.store.write([&](store::Tx& tx) { return admit_client(house, tx, question.client, facts); }));
    answer.client = std::move(admitted.client);
    answer.refusal = admitted.refusal;
    if (answer.refusal) return answer;
  }
  ASSIGN_OR_RETURN(Look seen, house.store.read([&](store::Tx& tx) -> base::Result<Look> {
    Look look;
    if (answer.client) {
      look.caller.client = answer.client;
    } else {
      ASSIGN_OR_RETURN(look.caller, authenticate_client(house, tx, question.client, facts.now));
      if (!look.caller.reason.empty()) return look;
    }
    const Asked asked{house, tx, *look.caller.client, facts.now};
    if (access) {
      ASSIGN_OR_RETURN(look.claims, describe_access_token(asked, *access));
    } else if (refresh) {
      ASSIGN_OR_RETURN(look.claims, describe_refresh_token(asked, *refresh));
    }
    return look;
  }));
  if (!seen.caller.reason.empty()) {
    ASSIGN_OR_RETURN(const AdmittedClient refused,
                     house.store.write([&](store::Tx& tx) { return admit_client(house, tx, question.client, facts); }));
    answer.refusal = refused.refusal.value_or(
        OAuthRefusal{OAuthError::invalid_client, "the client is unknown or its proof is wrong"});
    return answer;
  }
  answer.client = std::move(seen.caller.client);
  // RFC 7662 §2.2: of a token that is not active nothing is told, not even why.
  answer.claims = seen.claims.empty() ? base::JsonObject().flag("active", false).finish() : std::move(seen.claims);
  return answer;
}

}  // namespace flow
