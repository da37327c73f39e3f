#include "flow/grant/redeem_code.hpp"

#include <utility>

#include "audit/event.hpp"
#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "flow/house/record.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "flow/oauth/validate_request.hpp"
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

// The result of the write transaction: the facts for the tokens, or a refusal.
using Verdict = std::optional<TokenFacts>;

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

base::Result<Verdict> redeem(store::Tx& tx, const rights::Client& client, const store::Grant& grant,
                             const CodeRedemption& wished, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(Issuance issuance, find_issuance(tx, grant.session_id, client, grant.context_id, facts.now));
  if (grant.redeemed_at) return refuse_replay(tx, grant, issuance, facts);
  audit::Code reason = find_code_flaw(grant, wished, facts.now);
  if (reason.empty() && issuance.refusal) reason = *issuance.refusal;
  if (!reason.empty()) {
    RETURN_IF_ERROR(record_refusal(tx, issuance, "token", reason, facts));
    return Verdict();
  }
  ASSIGN_OR_RETURN(const bool first, store::redeem_grant(tx, grant.id, facts.now));
  if (!first) return refuse_replay(tx, grant, issuance, facts);
  RETURN_IF_ERROR(note_use(tx, *issuance.client, facts.now));
  audit::Event event = make_event(audit::type::token_issue, *issuance.account, facts,
                                  {{"grant", grant.id}, {"scope", audit::Value::registered(grant.scope)}});
  event.actor = issuance.account->id;
  event.client = issuance.client->client_id;
  event.session = grant.session_id;
  event.context = issuance.context->key;
  RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
  return Verdict(TokenFacts{*issuance.clearance, std::move(*issuance.account), std::move(*issuance.client),
                            std::move(*issuance.context), grant});
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
  const auto refuse_foreign = [&](const rights::Client* client, audit::Code reason) {
    return record_foreign_refusal(house, tx, {client, audit::type::token_refusal, reason}, facts);
  };
  ASSIGN_OR_RETURN(AuthenticatedClient caller, authenticate_client(house, tx, wished.client, facts.now));
  if (!caller.reason.empty()) {
    RETURN_IF_ERROR(refuse_foreign(caller.client ? &*caller.client : nullptr, caller.reason));
    out.done.refusal = OAuthRefusal{OAuthError::invalid_client, "the client is unknown or its secret is wrong"};
    return out;
  }
  out.done.client = std::move(caller.client);
  const rights::Client& client = *out.done.client;
  if (!rights::is_registered(client.grants, "authorization_code")) {
    RETURN_IF_ERROR(refuse_foreign(&client, "grant_not_registered"));
    out.done.refusal = OAuthRefusal{OAuthError::unauthorized_client, "this client may not use authorization codes"};
    return out;
  }
  if (!wished.resource.empty() && wished.resource != house.settings.site.issuer) {
    out.done.refusal = OAuthRefusal{OAuthError::invalid_target, "no such resource"};
    return out;
  }
  std::optional<store::Grant> grant;
  if (code) {
    ASSIGN_OR_RETURN(grant, store::find_grant(tx, code->grant_id));
    if (grant && !base::equal_in_constant_time(grant->code_hash, code->secret_hash)) grant.reset();
  }
  if (!grant || grant->client_id != client.id) {
    RETURN_IF_ERROR(
        refuse_foreign(&client, grant ? audit::Code("code_of_another_client") : audit::Code("unknown_code")));
  } else if (grant->redeemed_at && grant->revoked_at) {
    // The first replay has revoked the grant and has its event. Further ones are counted like other refusals.
    RETURN_IF_ERROR(refuse_foreign(&client, "code_replay"));
  } else {
    ASSIGN_OR_RETURN(out.verdict, redeem(tx, client, *grant, wished, facts));
  }
  if (!out.verdict) out.done.refusal = bad_code;
  return out;
}

}  // namespace

base::Result<Redeemed> redeem_code(const House& house, const CodeRedemption& wished, const RequestFacts& facts) {
  const std::optional<Code> code = parse_code(wished.code);
  ASSIGN_OR_RETURN(Outcome out,
                   house.store.write([&](store::Tx& tx) { return decide(house, tx, wished, code, facts); }));
  if (out.done.refusal) return std::move(out.done);
  ASSIGN_OR_RETURN(out.done.tokens, make_tokens(house, *out.verdict, facts.now));
  return std::move(out.done);
}

}  // namespace flow
