#include "flow/account/end_sessions_for.hpp"

#include "audit/event.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_managed.hpp"
#include "flow/house/record.hpp"
#include "flow/session/end_access.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/session/live_session.hpp"
#include "flow/session/logout.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

/// The events of the ended sessions do not say who ended them; this one does.
base::Result<void> record_end(store::Tx& tx, const rights::Actor& actor, const identity::Account& account,
                              const RequestFacts& facts) {
  return store::append_event(
      tx, make_event(audit::type::session_end, actor, account, facts, {{"why", audit::why::ended_by_administrator}}));
}

}  // namespace

base::Result<std::vector<rights::Session>> list_sessions_for(const House& house, const rights::Actor& actor,
                                                             std::string_view account, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::read_accounts));
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<rights::Session>> {
    ASSIGN_OR_RETURN(const identity::Account found, find_managed(tx, actor, account, now));
    return list_live_sessions(tx, found, now);
  });
}

base::Result<OpenSessions> page_sessions_for(const House& house, const rights::Actor& actor, std::string_view account,
                                             const SessionsWish& wish, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::read_accounts));
  return house.store.read([&](store::Tx& tx) -> base::Result<OpenSessions> {
    ASSIGN_OR_RETURN(const identity::Account found, find_managed(tx, actor, account, now));
    return list_open_sessions(house, tx, found, wish, now);
  });
}

base::Result<void> end_session_for(const House& house, const rights::Actor& actor, std::string_view account,
                                   const base::Id& session_id, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_account_manager(house, actor, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const identity::Account found, find_changeable(tx, actor, account, facts.now));
    ASSIGN_OR_RETURN(const rights::Session session, find_session_of(tx, found.id, session_id));
    RETURN_IF_ERROR(end_session(tx, session, found.tenant_id,
                                {audit::type::session_end, audit::why::ended_by_administrator}, facts));
    return record_end(tx, actor, found, facts);
  });
}

base::Result<bool> end_sessions_in(store::Tx& tx, const rights::Actor& actor, std::string_view account,
                                   const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const identity::Account found, find_changeable(tx, actor, account, facts.now));
  RETURN_IF_ERROR(end_sessions_of(tx, found, audit::why::ended_by_administrator, facts));
  RETURN_IF_ERROR(record_end(tx, actor, found, facts));
  return true;
}

base::Result<void> end_sessions_for(const House& house, const rights::Actor& actor, std::string_view account,
                                    const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_account_manager(house, actor, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(end_sessions_in(tx, actor, account, facts));
    return {};
  });
}

}  // namespace flow
