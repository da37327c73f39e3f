#include "flow/oauth/find_issuance.hpp"

#include "base/time.hpp"
#include "flow/house/audit_settings.hpp"
#include "flow/house/event_turn.hpp"
#include "flow/house/record.hpp"
#include "flow/oauth/serve_tenant.hpp"
#include "flow/session/factor_demand.hpp"
#include "identity/lockout/throttling.hpp"
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

base::Result<Issuance> find_issuance(store::Tx& tx, const base::Id& session_id, const base::Id& client_id,
                                     const std::optional<base::Id>& context_id, base::Time now) {
  ASSIGN_OR_RETURN(auto client, store::find_client(tx, client_id));
  return find_issuance(tx, session_id, std::move(client), context_id, now);
}

base::Result<Issuance> find_issuance(store::Tx& tx, const base::Id& session_id, std::optional<rights::Client> client,
                                     const std::optional<base::Id>& context_id, base::Time now) {
  Issuance found;
  found.client = std::move(client);
  ASSIGN_OR_RETURN(found.session, store::find_session(tx, session_id));
  if (found.session) {
    ASSIGN_OR_RETURN(found.account, store::find_account(tx, found.session->account_id));
    const std::optional<base::Id>& wanted = context_id ? context_id : found.session->context_id;
    if (found.account && wanted) {
      ASSIGN_OR_RETURN(found.context, store::find_context_of(tx, found.account->id, *wanted, now));
    }
  }
  RETURN_IF_ERROR(judge(tx, found, now));
  return found;
}

base::Result<void> record_refusal(store::Tx& tx, const Issuance& issuance, audit::Code what, audit::Code reason,
                                  const RequestFacts& facts) {
  const base::Id subject = issuance.account ? issuance.account->id : base::Id();
  const base::Id of_client = issuance.client ? issuance.client->tenant_id : base::Id();
  // In the log of the person's own tenant, which administrators above it read too.
  const base::Id tenant = issuance.account ? issuance.account->tenant_id : of_client;
  audit::Event event =
      make_event(audit::type::token_refusal, {tenant, subject}, facts, {{"what", what}, {"reason", reason}});
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
  const std::string what = "token|" + who + "|" + identity::counted_network(facts.ip);
  ASSIGN_OR_RETURN(const EventTurn turn,
                   take_event_turn(house, tx, what, house.settings.audit.failures_each_minute, facts.now));
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
