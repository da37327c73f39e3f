#include "flow/grant/redeem_code.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "audit/event.hpp"
#include "base/time.hpp"
#include "crypto/digest/digest.hpp"
#include "flow/grant/token_facts.hpp"
#include "flow/house/record.hpp"
#include "flow/oauth/admit_client.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "flow/oauth/validate_request.hpp"
#include "flow/token/token_settings.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/grants.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

struct Code {
  base::Id grant_id;
  base::Bytes secret_hash;
};

std::optional<Code> parse_code(std::string_view text) {
  if (text.size() != 64) return std::nullopt;
  const auto octets = base::parse_base64url(text);
  if (!octets) return std::nullopt;
  const auto id = base::Id::from_bytes(std::string_view(*octets).substr(0, 16));
  return Code{id.value_or(base::Id()), crypto::sha256(std::string_view(*octets).substr(16))};
}

audit::Code find_code_flaw(const store::Grant& grant, const CodeRedemption& wished, base::Time now) {
  if (grant.revoked_at) return "grant_revoked";
  if (now >= grant.code_until) return "code_expired";
  if (grant.redirect_uri != wished.redirect_uri) return "other_redirect_uri";
  if (grant.code_challenge.empty()) {
    // RFC 9700 §2.1.1 (PKCE downgrade): a verifier without a challenge means that an attacker removed the challenge
    // from the authorization request.
    return wished.code_verifier.empty() ? audit::Code() : audit::Code("verifier_without_challenge");
  }
  if (!is_code_verifier(wished.code_verifier)) return "no_verifier";
  const std::string challenge = base::to_base64url(crypto::sha256(wished.code_verifier));
  return base::equal_in_constant_time(challenge, grant.code_challenge) ? audit::Code() : audit::Code("wrong_verifier");
}

// The result of the write transaction: the facts for the tokens, a refusal by name, or that of a bad code.
using Verdict = std::variant<std::monostate, TokenFacts, OAuthRefusal>;

base::Result<Verdict> refuse_replay(store::Tx& tx, const store::Grant& grant, const Issuance& issuance,
                                    const RequestFacts& facts) {
  if (!grant.revoked_at) {
    RETURN_IF_ERROR(store::revoke_grant(tx, grant.id, facts.now));
  }
  audit::Event event = make_event(audit::type::code_replay,
                                  {issuance.client ? issuance.client->tenant_id : base::Id(), grant.account_id}, facts,
                                  {{"grant", grant.id}});
  event.outcome = "failure";
  if (issuance.client) event.client = issuance.client->client_id;
  event.session = grant.session_id;
  RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
  return Verdict();
}

struct Asked {
  const House& house;
  store::Tx& tx;
  const rights::Client& client;
  const CodeRedemption& wished;
  const RequestFacts& facts;
};

base::Result<Verdict> redeem(const Asked& is, store::Grant grant) {
  const RequestFacts& facts = is.facts;
  store::Tx& tx = is.tx;
  ASSIGN_OR_RETURN(Issuance issuance, find_issuance(is.house, tx, grant, is.client, facts.now));
  if (grant.redeemed_at) return refuse_replay(tx, grant, issuance, facts);
  audit::Code reason = find_code_flaw(grant, is.wished, facts.now);
  if (reason.empty() && issuance.refusal) reason = *issuance.refusal;
  if (!reason.empty()) {
    RETURN_IF_ERROR(record_refusal(is.house, tx, issuance, {"token", reason}, facts));
    return Verdict();
  }
  const store::GrantLife life = find_life(is.house, is.client, grant, *issuance.session, facts.now);
  grant.generation = life.refresh_until ? 1 : 0;
  grant.expires_at = life.expires_at;
  const TokenWish wish{{}, is.wished.resource};
  ASSIGN_OR_RETURN(auto tokens, find_token_facts(is.house, tx, std::move(issuance), grant, wish));
  if (auto* refusal = std::get_if<OAuthRefusal>(&tokens)) return Verdict(*refusal);
  ASSIGN_OR_RETURN(const bool first, store::redeem_grant(tx, grant.id, facts.now, life));
  auto& issued = std::get<TokenFacts>(tokens);
  // Another request was first: this one is a replay, which the next look at the row tells.
  if (!first) return refuse_replay(tx, grant, Issuance{{}, {}, issued.account, issued.client, {}, {}}, facts);
  RETURN_IF_ERROR(note_use(tx, issued.client, facts.now));
  RETURN_IF_ERROR(record_tokens(tx, issued, facts));
  return Verdict(std::move(issued));
}

constexpr OAuthRefusal bad_code{OAuthError::invalid_grant,
                                "the code is unknown, used, over, or was issued for another request"};

struct Outcome {
  Redeemed done;
  Verdict verdict;
};

base::Result<Outcome> decide(const House& house, store::Tx& tx, const CodeRedemption& wished,
                             const std::optional<Code>& code, const RequestFacts& facts) {
  Outcome out;
  ASSIGN_OR_RETURN(AdmittedClient caller,
                   admit_client(house, tx, wished.client, rights::GrantType::authorization_code, facts));
  out.done.client = std::move(caller.client);
  out.done.refusal = caller.refusal;
  if (out.done.refusal) return out;
  const rights::Client& client = *out.done.client;
  const auto refuse_foreign = [&](audit::Code reason) {
    return record_foreign_refusal(house, tx, {&client, audit::type::token_refusal, reason}, facts);
  };
  std::optional<store::Grant> grant;
  if (code) {
    ASSIGN_OR_RETURN(grant, store::find_grant(tx, code->grant_id));
    const bool is_code = grant && grant->flow == "code";
    if (grant && (!is_code || !base::equal_in_constant_time(grant->code_hash, code->secret_hash))) grant.reset();
  }
  if (!grant || grant->client_id != client.id) {
    RETURN_IF_ERROR(refuse_foreign(grant ? audit::Code("code_of_another_client") : audit::Code("unknown_code")));
  } else if (grant->redeemed_at && grant->revoked_at) {
    // The first replay has revoked the grant and has its event. Further ones are counted like other refusals.
    RETURN_IF_ERROR(refuse_foreign("code_replay"));
  } else {
    ASSIGN_OR_RETURN(out.verdict, redeem({house, tx, client, wished, facts}, std::move(*grant)));
  }
  if (std::holds_alternative<std::monostate>(out.verdict)) out.done.refusal = bad_code;
  if (const auto* refusal = std::get_if<OAuthRefusal>(&out.verdict)) out.done.refusal = *refusal;
  return out;
}

}  // namespace

store::GrantLife find_life(const House& house, const rights::Client& client, const store::Grant& grant,
                           const rights::Session& session, base::Time now) {
  const TokenSettings& settings = house.settings.token;
  store::GrantLife life;
  life.expires_at = std::max(grant.expires_at, now + settings.access_token_lasts);
  if (!rights::is_registered(client.grants, rights::name_of(rights::GrantType::refresh_token))) return life;
  life.expires_at = grant.is_offline ? now + settings.offline_lasts : session.absolute_until;
  life.refresh_until = grant.is_offline ? std::min(life.expires_at, now + settings.offline_idle) : life.expires_at;
  return life;
}

base::Result<Redeemed> redeem_code(const House& house, const CodeRedemption& wished, const RequestFacts& facts) {
  const std::optional<Code> code = parse_code(wished.code);
  ASSIGN_OR_RETURN(Outcome out,
                   house.store.write([&](store::Tx& tx) { return decide(house, tx, wished, code, facts); }));
  if (out.done.refusal) return std::move(out.done);
  ASSIGN_OR_RETURN(out.done.tokens, make_tokens(house, std::get<TokenFacts>(out.verdict), facts.now));
  return std::move(out.done);
}

}  // namespace flow
