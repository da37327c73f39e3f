#include "flow/oauth/find_issuance.hpp"

#include "base/time.hpp"
#include "base/words.hpp"
#include "flow/client/authenticate_client.hpp"
#include "flow/client/serve_tenant.hpp"
#include "flow/house/audit_settings.hpp"
#include "flow/house/event_turn.hpp"
#include "flow/house/record.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/oauth/consent.hpp"
#include "flow/oauth/validate_request.hpp"
#include "flow/session/factor_demand.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/oauth/clients.hpp"
#include "store/session/sessions.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

template <class T>
const T* pointer_to(const std::optional<T>& value) {
  return value ? &*value : nullptr;
}

// The grant stands for the session in which it was made.
rights::Session session_of(const store::Grant& grant, base::Time now) {
  rights::Session session;
  session.id = grant.session_id;
  session.account_id = grant.account_id;
  session.context_id = grant.context_id;
  session.proofs = rights::Proofs::from_names(grant.proofs);
  session.auth_time = grant.auth_time;
  session.created_at = grant.created_at;
  session.last_seen = now;
  session.idle_until = grant.refresh_until.value_or(grant.code_until);
  session.absolute_until = grant.expires_at;
  session.security_stamp = grant.security_stamp;
  session.ip = grant.ip;
  return session;
}

/// The session of the grant as it is now, with its account and the context of the grant.
base::Result<void> read_session(store::Tx& tx, const store::Grant& grant, Issuance& found, base::Time now) {
  ASSIGN_OR_RETURN(found.session, store::find_session(tx, grant.session_id));
  if (!found.session) return {};
  ASSIGN_OR_RETURN(found.account, store::find_account(tx, found.session->account_id));
  if (!found.account) return {};
  ASSIGN_OR_RETURN(found.context, store::find_context_of(tx, found.account->id, grant.context_id, now));
  return {};
}

/// The same of a grant that outlives its session.
base::Result<void> read_login(store::Tx& tx, const store::Grant& grant, Issuance& found, base::Time now) {
  found.session = session_of(grant, now);
  ASSIGN_OR_RETURN(found.account, store::find_account(tx, grant.account_id));
  if (!found.account) return {};
  ASSIGN_OR_RETURN(found.context, store::find_context_of(tx, grant.account_id, grant.context_id, now));
  return {};
}

/// A client needs the person's consent from the moment when it is no longer one of the house. It learns nothing from a
/// test login.
base::Result<bool> has_lost_consent(const House& house, store::Tx& tx, const rights::Client& client,
                                    const store::Grant& grant) {
  if (!rights::needs_consent(client)) return false;
  if (grant.redirect_uri == house.settings.site.issuer + std::string(trial_path)) return false;
  const ClaimsWish wish = ClaimsWish::parse(grant.claims).value_or(ClaimsWish());
  const std::string items = list_consent_items(keep_registered(client, grant.scope), wish);
  ASSIGN_OR_RETURN(const std::string missing, find_missing_consent(tx, client, grant.account_id, items));
  return !missing.empty();
}

}  // namespace

base::Result<void> judge(store::Tx& tx, Issuance& facts, base::Time now) {
  if (!facts.session) {
    // Without a session the account is not known; the refusal must not say "account unknown".
    facts.refusal = rights::Refusal::session_ended;
    return {};
  }
  rights::IssuanceFacts judged;
  judged.account = pointer_to(facts.account);
  judged.client = pointer_to(facts.client);
  judged.session = pointer_to(facts.session);
  judged.context = pointer_to(facts.context);
  if (facts.client && facts.account) {
    ASSIGN_OR_RETURN(judged.is_below_client, serves_from_above(tx, *facts.client, facts.account->tenant_id));
  }
  std::optional<identity::Account> owner;
  if (facts.client) {
    ASSIGN_OR_RETURN(owner, find_owner(tx, *facts.client));
  }
  judged.client_owner = pointer_to(owner);
  judged.lost_consent = facts.lost_consent;
  judged.lost_offline = facts.lost_offline;
  judged.now = now;
  ASSIGN_OR_RETURN(judged.owes_no_factor, owes_nothing(tx, *facts.session, facts.session->ip, now));
  const auto verdict = rights::judge_issuance(judged);
  if (const auto* refusal = std::get_if<rights::Refusal>(&verdict)) {
    facts.refusal = *refusal;
  } else {
    facts.clearance = std::get<rights::Clearance>(verdict);
  }
  return {};
}

base::Result<Issuance> find_issuance(const House& house, store::Tx& tx, const store::Grant& grant,
                                     std::optional<rights::Client> client, base::Time now) {
  Issuance found;
  found.client = std::move(client);
  const bool is_code = grant.flow == "code" && !grant.redeemed_at;
  RETURN_IF_ERROR(grant.is_offline && !is_code ? read_login(tx, grant, found, now)
                                               : read_session(tx, grant, found, now));
  if (found.client) {
    found.lost_offline = grant.is_offline && !may_have(*found.client, "offline_access");
    ASSIGN_OR_RETURN(found.lost_consent, has_lost_consent(house, tx, *found.client, grant));
  }
  RETURN_IF_ERROR(judge(tx, found, now));
  return found;
}

store::Grant begin_grant(const Issuance& issuance, std::string_view scope, base::Time now) {
  const rights::Session& session = *issuance.session;
  store::Grant grant;
  grant.session_id = session.id;
  grant.account_id = issuance.account->id;
  grant.client_id = issuance.client->id;
  grant.context_id = issuance.context->id;
  grant.scope = scope;
  grant.created_at = now;
  grant.level = session.proofs.level();
  grant.amr = session.proofs.to_amr();
  grant.proofs = session.proofs.to_names();
  grant.auth_time = session.auth_time;
  grant.is_offline = base::has_word(scope, "offline_access");
  grant.security_stamp = session.security_stamp;
  grant.ip = session.ip;
  return grant;
}

base::Result<void> record_refusal(const House& house, store::Tx& tx, const Issuance& issuance,
                                  const RefusedIssue& refused, const RequestFacts& facts) {
  const base::Id subject = issuance.account ? issuance.account->id : base::Id();
  const base::Id of_client = issuance.client ? issuance.client->tenant_id : base::Id();
  // In the log of the person's own tenant, which administrators above it read too.
  const base::Id tenant = issuance.account ? issuance.account->tenant_id : of_client;
  const std::string counted =
      "issue|" + (issuance.client ? issuance.client->client_id : std::string("unknown")) + "|" + subject.to_string();
  ASSIGN_OR_RETURN(const EventTurn turn,
                   take_event_turn(house, tx, counted, house.settings.audit.failures_each_minute, facts.now));
  if (!turn.is_written) return {};
  audit::Event event = make_event(audit::type::token_refusal, {tenant, subject}, facts,
                                  {{"what", refused.what},
                                   {"reason", refused.reason},
                                   {"in_this_minute", audit::Value::count(turn.in_this_minute)}});
  event.outcome = "failure";
  if (issuance.client) event.client = issuance.client->client_id;
  if (issuance.session) event.session = issuance.session->id;
  if (issuance.context) event.context = issuance.context->key;
  return store::append_event(tx, std::move(event));
}

base::Result<void> record_foreign_refusal(const House& house, store::Tx& tx, const ForeignRefusal& refusal,
                                          const RequestFacts& facts) {
  const rights::Client* client = refusal.client;
  const std::string who = client != nullptr ? client->client_id : std::string("unknown");
  ASSIGN_OR_RETURN(const EventTurn turn,
                   take_network_turn(house, tx, "token|" + who, house.settings.audit.failures_each_minute, facts));
  if (!turn.is_written) return {};
  // Read for every client, so that the work does not tell which applications exist.
  ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
  const base::Id tenant_id = client != nullptr ? client->tenant_id : first.id;
  audit::Event event =
      make_event(refusal.event, tenant_id, facts,
                 {{"reason", refusal.reason}, {"in_this_minute", audit::Value::count(turn.in_this_minute)}});
  event.outcome = "failure";
  if (client != nullptr) event.client = client->client_id;
  return store::append_event(tx, std::move(event));
}

}  // namespace flow
