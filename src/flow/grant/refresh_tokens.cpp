#include "flow/grant/refresh_tokens.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "audit/event.hpp"
#include "flow/grant/token_facts.hpp"
#include "flow/house/record.hpp"
#include "flow/oauth/admit_client.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "flow/token/refresh_token.hpp"
#include "flow/token/token_settings.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/kept_scope.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/grants.hpp"

namespace flow {
namespace {

constexpr OAuthRefusal bad_token{OAuthError::invalid_grant, "the refresh token is unknown, used, over or revoked"};

using Verdict = std::variant<OAuthRefusal, TokenFacts>;

struct Asked {
  const House& house;
  store::Tx& tx;
  const rights::Client& client;
  const RefreshWish& wished;
  const RequestFacts& facts;
};

base::Result<Verdict> refuse_foreign(const Asked& is, audit::Code reason) {
  RETURN_IF_ERROR(record_foreign_refusal(is.house, is.tx, {&is.client, audit::type::token_refusal, reason}, is.facts));
  return Verdict(bad_token);
}

base::Result<Verdict> refuse_replay(const Asked& is, const store::Grant& grant) {
  RETURN_IF_ERROR(store::revoke_grant(is.tx, grant.id, is.facts.now));
  audit::Event event =
      make_event(audit::type::refresh_replay, {is.client.tenant_id, grant.account_id}, is.facts, {{"grant", grant.id}});
  event.outcome = "failure";
  event.client = is.client.client_id;
  event.session = grant.session_id;
  RETURN_IF_ERROR(store::append_event(is.tx, std::move(event)));
  return Verdict(bad_token);
}

/// Makes the grant's next generation the one that counts; nothing if `token` is the one before it and the grace lasts.
/// False: a replay.
base::Result<bool> rotate(const Asked& is, store::Grant& grant, const RefreshToken& token) {
  const TokenSettings& settings = is.house.settings.token;
  const base::Time now = is.facts.now;
  if (token.generation == grant.generation) {
    const base::Time idle = grant.is_offline ? now + settings.offline_idle : grant.expires_at;
    ASSIGN_OR_RETURN(const bool first,
                     store::rotate_grant(is.tx, grant.id, grant.generation, now, std::min(grant.expires_at, idle)));
    if (first) grant.generation += 1;
    return first;
  }
  return token.generation + 1 == grant.generation && grant.rotated_at &&
         now < *grant.rotated_at + settings.refresh_grace;
}

base::Result<Verdict> refresh(const Asked& is, store::Grant grant, const RefreshToken& token) {
  ASSIGN_OR_RETURN(Issuance issuance, find_issuance(is.house, is.tx, grant, is.client, is.facts.now));
  if (issuance.refusal) {
    RETURN_IF_ERROR(record_refusal(is.house, is.tx, issuance, {"token", *issuance.refusal}, is.facts));
    return Verdict(bad_token);
  }
  // What is asked for is judged first, so that a refusal leaves the token as it is.
  ASSIGN_OR_RETURN(auto tokens, find_token_facts(is.house, is.tx, std::move(issuance), grant,
                                                 {is.wished.scope, is.wished.resource}));
  if (const auto* refusal = std::get_if<OAuthRefusal>(&tokens)) return Verdict(*refusal);
  auto& issued = std::get<TokenFacts>(tokens);
  ASSIGN_OR_RETURN(const bool is_fresh, rotate(is, issued.grant, token));
  if (!is_fresh) return refuse_replay(is, grant);
  RETURN_IF_ERROR(note_use(is.tx, is.client, is.facts.now));
  RETURN_IF_ERROR(record_tokens(is.tx, issued, is.facts));
  return Verdict(std::move(issued));
}

base::Result<Verdict> judge_token(const Asked& is, const std::optional<RefreshToken>& token) {
  if (!token) return refuse_foreign(is, "unknown_token");
  ASSIGN_OR_RETURN(auto grant, store::find_grant(is.tx, token->grant_id));
  if (!grant || grant->generation == 0) return refuse_foreign(is, "unknown_token");
  if (grant->client_id != is.client.id) return refuse_foreign(is, "token_of_another_client");
  if (grant->revoked_at) return refuse_foreign(is, "grant_revoked");
  const base::Time end = std::min(grant->expires_at, grant->refresh_until.value_or(grant->expires_at));
  if (is.facts.now >= end) return refuse_foreign(is, "token_expired");
  return refresh(is, std::move(*grant), *token);
}

struct Outcome {
  Redeemed done;
  std::optional<TokenFacts> facts;
};

base::Result<Outcome> decide(const House& house, store::Tx& tx, const RefreshWish& wished,
                             const std::optional<RefreshToken>& token, const RequestFacts& facts) {
  Outcome out;
  ASSIGN_OR_RETURN(AdmittedClient caller,
                   admit_client(house, tx, wished.client, rights::GrantType::refresh_token, facts));
  out.done.client = std::move(caller.client);
  out.done.refusal = caller.refusal;
  if (out.done.refusal) return out;
  ASSIGN_OR_RETURN(Verdict verdict, judge_token({house, tx, *out.done.client, wished, facts}, token));
  if (const auto* refusal = std::get_if<OAuthRefusal>(&verdict)) {
    out.done.refusal = *refusal;
  } else {
    out.facts = std::get<TokenFacts>(std::move(verdict));
  }
  return out;
}

}  // namespace

base::Result<Redeemed> refresh_tokens(const House& house, const RefreshWish& wished, const RequestFacts& facts) {
  const store::KeptScope kept;
  const std::optional<RefreshToken> token = parse_refresh_token(house, wished.refresh_token);
  ASSIGN_OR_RETURN(Outcome out,
                   house.store.write([&](store::Tx& tx) { return decide(house, tx, wished, token, facts); }));
  if (out.done.refusal) return std::move(out.done);
  ASSIGN_OR_RETURN(out.done.tokens, make_tokens(house, *out.facts, facts.now));
  return std::move(out.done);
}

}  // namespace flow
