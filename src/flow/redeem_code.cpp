#include "flow/redeem_code.hpp"

#include <utility>

#include "audit/event.hpp"
#include "crypto/digest.hpp"
#include "flow/find_issuance.hpp"
#include "flow/record.hpp"
#include "flow/validate_request.hpp"
#include "store/audit_log.hpp"
#include "store/sessions.hpp"

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

// What the read transaction saw; only unknown and foreign codes are final here.
struct Look {
  AuthenticatedClient caller;
  std::optional<store::Grant> grant;  // the code's, if its secret is right
};

base::Result<Look> look(const House& house, store::Tx& tx, const CodeRedemption& wished,
                        const std::optional<Code>& code, base::Time now) {
  Look seen;
  ASSIGN_OR_RETURN(seen.caller, authenticate_client(house, tx, wished.client, now));
  if (!seen.caller.reason.empty() || !code) return seen;
  ASSIGN_OR_RETURN(seen.grant, store::find_grant(tx, code->grant_id));
  if (seen.grant && !base::equal_in_constant_time(seen.grant->code_hash, code->secret_hash)) seen.grant.reset();
  return seen;
}

std::string_view find_code_flaw(const store::Grant& grant, const CodeRedemption& wished, base::Time now) {
  if (grant.revoked_at) return "grant_revoked";
  if (now >= grant.code_until) return "code_expired";
  if (grant.redirect_uri != wished.redirect_uri) return "other_redirect_uri";
  if (grant.code_challenge.empty()) {
    // RFC 9700 §2.1.1 (PKCE downgrade): a verifier for a request without challenge means that somebody cut it off.
    return wished.code_verifier.empty() ? "" : "verifier_without_challenge";
  }
  if (!is_code_verifier(wished.code_verifier)) return "no_verifier";
  const std::string challenge = base::to_base64url(crypto::sha256(wished.code_verifier));
  return base::equal_in_constant_time(challenge, grant.code_challenge) ? "" : "wrong_verifier";
}

// What the write transaction gives: the facts for the tokens, or that there are none.
using Verdict = std::optional<TokenFacts>;

base::Result<Verdict> refuse_replay(store::Tx& tx, const store::Grant& grant, const Issuance& issuance,
                                    const RequestFacts& facts) {
  if (!grant.revoked_at) {
    RETURN_IF_ERROR(store::revoke_grant(tx, grant.id, facts.now));
  }
  audit::Event event = make_event(audit::type::code_replay, issuance.client ? issuance.client->tenant_id : base::Id(),
                                  grant.account_id, facts, {{"grant", grant.id.to_string()}});
  event.outcome = "failure";
  if (issuance.client) event.client = issuance.client->client_id;
  event.session = grant.session_id;
  RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
  return Verdict();
}

base::Result<Verdict> redeem(store::Tx& tx, const base::Id& grant_id, const CodeRedemption& wished,
                             const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto grant, store::find_grant(tx, grant_id));
  if (!grant) return Verdict();
  ASSIGN_OR_RETURN(Issuance issuance,
                   find_issuance(tx, grant->session_id, grant->client_id, grant->context_id, facts.now));
  if (grant->redeemed_at) return refuse_replay(tx, *grant, issuance, facts);
  std::string_view reason = find_code_flaw(*grant, wished, facts.now);
  if (reason.empty() && issuance.refusal) reason = rights::name_of(*issuance.refusal);
  if (!reason.empty()) {
    RETURN_IF_ERROR(record_refusal(tx, issuance, "token", reason, facts));
    return Verdict();
  }
  ASSIGN_OR_RETURN(const bool first, store::redeem_grant(tx, grant->id, facts.now));
  if (!first) return refuse_replay(tx, *grant, issuance, facts);
  audit::Event event = make_event(audit::type::token_issue, issuance.client->tenant_id, issuance.account->id, facts,
                                  {{"grant", grant->id.to_string()}, {"scope", grant->scope}});
  event.actor = issuance.account->id;
  event.client = issuance.client->client_id;
  event.session = grant->session_id;
  event.context = issuance.context->key;
  RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
  return Verdict(TokenFacts{std::move(*issuance.account), std::move(*issuance.client), std::move(*issuance.context), *grant});
}

constexpr OAuthRefusal bad_code{OAuthError::invalid_grant, "the code is unknown, used, over, or was issued for another request"};

}  // namespace

base::Result<Redeemed> redeem_code(const House& house, const CodeRedemption& wished, const RequestFacts& facts) {
  const std::optional<Code> code = parse_code(wished.code);
  ASSIGN_OR_RETURN(Look seen, house.store.read([&](store::Tx& tx) { return look(house, tx, wished, code, facts.now); }));
  const auto refuse_foreign = [&](const rights::Client* client, std::string_view reason) {
    return house.store.write([&](store::Tx& tx) {
      return record_foreign_refusal(house, tx, client, audit::type::token_refusal, reason, facts);
    });
  };
  Redeemed done;
  if (!seen.caller.reason.empty()) {
    RETURN_IF_ERROR(refuse_foreign(seen.caller.client ? &*seen.caller.client : nullptr, seen.caller.reason));
    done.refusal = OAuthRefusal{OAuthError::invalid_client, "the client is unknown or its secret is wrong"};
    return done;
  }
  done.client = std::move(seen.caller.client);
  if (!rights::is_registered(done.client->grants, "authorization_code")) {
    done.refusal = OAuthRefusal{OAuthError::unauthorized_client, "this client may not use authorization codes"};
    return done;
  }
  if (!wished.resource.empty() && wished.resource != house.settings.issuer) {
    done.refusal = OAuthRefusal{OAuthError::invalid_target, "no such resource"};
    return done;
  }
  if (!seen.grant || seen.grant->client_id != done.client->id) {
    RETURN_IF_ERROR(refuse_foreign(&*done.client, seen.grant ? "code_of_another_client" : "unknown_code"));
    done.refusal = bad_code;
    return done;
  }
  ASSIGN_OR_RETURN(const Verdict verdict, house.store.write([&](store::Tx& tx) {
    return redeem(tx, seen.grant->id, wished, facts);
  }));
  if (!verdict) {
    done.refusal = bad_code;
    return done;
  }
  ASSIGN_OR_RETURN(done.tokens, make_tokens(house, *verdict, facts.now));
  return done;
}

}  // namespace flow
