#include "flow/oauth/issue_code.hpp"

#include "base/time.hpp"
#include "crypto/digest/digest.hpp"
#include "flow/house/record.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "flow/oauth/pushed_request.hpp"
#include "flow/token/token_settings.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/oauth/grants.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

/// What the token says of the login: its level, or with an essential `acr` the highest of those that were asked for and
/// that it reaches (OIDC Core §5.5.1.1: "MUST return an acr Claim Value that matches one of the requested values").
std::int64_t find_told_level(const ValidRequest& request, std::int64_t reached) {
  if (!request.essential_levels) return reached;
  std::int64_t told = reached;
  for (const std::int64_t level : *request.essential_levels) {
    if (level <= reached) told = level;
  }
  return told;
}

struct Code {
  base::Id id;
  base::Secret secret;

  [[nodiscard]] std::string to_text() const {
    return base::to_base64url(std::string(id.bytes()) + std::string(secret.reveal()));
  }
};

store::Grant make_grant(const House& house, const ValidRequest& request, const Issuance& issuance, const Code& code,
                        base::Time now) {
  store::Grant grant = begin_grant(issuance, request.scope, now);
  grant.id = code.id;
  grant.redirect_uri = request.redirect_uri;
  grant.code_challenge = request.code_challenge;
  grant.nonce = request.nonce;
  grant.resource = request.resource;
  grant.claims = request.wish.print();
  grant.code_hash = crypto::sha256(code.secret.reveal());
  grant.code_until = now + house.settings.token.code_lasts;
  // The row stays as long as its tokens are valid, so that a replay of the code can revoke them.
  grant.expires_at = grant.code_until + house.settings.token.access_token_lasts;
  grant.level = find_told_level(request, issuance.session->proofs.level());
  return grant;
}

base::Result<void> record_code(store::Tx& tx, const Issuance& issuance, const store::Grant& grant,
                               const RequestFacts& facts) {
  audit::Event event = make_event(audit::type::code_issue, *issuance.account, facts,
                                  {{"grant", grant.id}, {"scope", audit::Value::registered(grant.scope)}});
  event.actor = issuance.account->id;
  event.client = issuance.client->client_id;
  event.session = grant.session_id;
  event.context = issuance.context->key;
  return store::append_event(tx, std::move(event));
}

}  // namespace

base::Result<IssuedCode> issue_code(const House& house, store::Tx& tx, const ValidRequest& request,
                                    const rights::Actor& actor, const RequestFacts& facts) {
  using Outcome = IssuedCode;
  Issuance issuance{{}, {}, actor.account(), request.client, actor.session(), actor.context()};
  RETURN_IF_ERROR(judge(tx, issuance, facts.now));
  if (issuance.refusal) {
    RETURN_IF_ERROR(record_refusal(house, tx, issuance, {"code", *issuance.refusal}, facts));
    return Outcome(*issuance.refusal);
  }
  if (!request.pushed_uri.empty()) {
    ASSIGN_OR_RETURN(const bool is_first, use_pushed_request(tx, request.pushed_uri, facts.now));
    if (!is_first) return Outcome(OAuthRefusal{OAuthError::invalid_request_uri, "the request_uri was used"});
  }
  const Code code{base::Id::make(facts.now), base::Secret(base::random_bytes(32))};
  store::Grant grant = make_grant(house, request, issuance, code, facts.now);
  const std::string new_sid = base::to_base64url(base::random_bytes(16));
  ASSIGN_OR_RETURN(grant.sid, store::join_session(tx, {actor.session().id, request.client.id, new_sid}));
  RETURN_IF_ERROR(store::insert_grant(tx, grant, *issuance.clearance));
  RETURN_IF_ERROR(record_code(tx, issuance, grant, facts));
  return Outcome(code.to_text());
}

}  // namespace flow
