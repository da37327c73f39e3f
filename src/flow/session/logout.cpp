#include "flow/session/logout.hpp"

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/house/record.hpp"
#include "flow/session/acting.hpp"
#include "flow/session/subject.hpp"
#include "rights/session.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/message/outbox.hpp"
#include "store/oauth/clients.hpp"
#include "store/oauth/grants.hpp"
#include "store/session/sessions.hpp"

namespace flow {

base::Result<void> end_session(store::Tx& tx, const rights::Session& session, const base::Id& tenant_id,
                               const SessionEnd& end, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto joined, store::list_session_clients(tx, session.id));
  for (const store::SessionClient& one : joined) {
    ASSIGN_OR_RETURN(const auto client, store::find_client(tx, one.client_id));
    if (!client || client->backchannel_logout_uri.empty()) continue;
    // A client that knows the person by no subject has got no token that it could end.
    ASSIGN_OR_RETURN(const auto subject, find_known_subject(tx, *client, session.account_id));
    if (!subject) continue;
    store::OutboxItem item;
    item.id = base::Id::make(facts.now);
    item.tenant_id = client->tenant_id;
    item.kind = "logout";
    item.payload = to_json_object({{"client_id", client->id.to_string()}, {"sub", *subject}, {"sid", one.sid}});
    item.next_at = item.created_at = facts.now;
    RETURN_IF_ERROR(store::insert_outbox(tx, item));
  }
  if (session.acting_for) RETURN_IF_ERROR(record_acting(tx, session, tenant_id, {"ended", end.why}, facts));
  RETURN_IF_ERROR(store::revoke_grants_of_session(tx, session.id, facts.now));
  RETURN_IF_ERROR(store::delete_session(tx, session.id));
  audit::Event event = make_event(end.event, {tenant_id, session.account_id}, facts, {{"why", end.why}});
  event.session = session.id;
  if (end.event == audit::type::logout) event.actor = session.account_id;
  return store::append_event(tx, std::move(event));
}

base::Result<void> end_unknown_session(store::Tx& tx, const rights::Session& session, const SessionEnd& end,
                                       const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, session.account_id));
  return end_session(tx, session, account ? account->tenant_id : base::Id(), end, facts);
}

base::Result<void> logout(const House& house, const Visitor& visitor, audit::Code why, const RequestFacts& facts) {
  const rights::Session* session = visitor.session();
  if (session == nullptr) return {};
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto current, store::find_session(tx, session->id));
    if (!current) return {};
    return end_session(tx, *current, visitor.holder()->tenant_id, {audit::type::logout, why}, facts);
  });
}

base::Result<std::size_t> end_all_sessions(store::Tx& tx, const identity::Account& account, const base::Id* spared,
                                           audit::Code why, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto sessions, store::list_sessions(tx, account.id));
  std::size_t count = 0;
  for (const rights::Session& session : sessions) {
    if (spared != nullptr && session.id == *spared) continue;
    RETURN_IF_ERROR(end_session(tx, session, account.tenant_id, {audit::type::session_end, why}, facts));
    ++count;
  }
  return count;
}

base::Result<std::size_t> end_over_sessions(const House& house, std::size_t most, base::Time now) {
  return house.store.write([&](store::Tx& tx) -> base::Result<std::size_t> {
    ASSIGN_OR_RETURN(const auto over, store::list_ended_sessions(tx, now, most));
    RequestFacts facts;
    facts.now = now;
    for (const rights::Session& session : over) {
      const bool by_time = now >= session.idle_until || now >= session.absolute_until;
      RETURN_IF_ERROR(end_unknown_session(
          tx, session, {audit::type::session_end, by_time ? audit::why::time_over : audit::why::ended_elsewhere},
          facts));
    }
    return over.size();
  });
}

}  // namespace flow
