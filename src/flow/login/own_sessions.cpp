#include "flow/login/own_sessions.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/session/known_device.hpp"
#include "flow/session/live_session.hpp"
#include "flow/session/logout.hpp"
#include "flow/session/session_settings.hpp"
#include "rights/session.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

base::Result<OwnSession> describe(store::Tx& tx, rights::Session session, const rights::Actor& actor) {
  OwnSession own;
  own.is_this = session.id == actor.session().id;
  if (session.context_id) {
    ASSIGN_OR_RETURN(const auto context, store::find_context(tx, *session.context_id));
    if (context) own.context = context->name;
  }
  ASSIGN_OR_RETURN(const auto joined, store::list_session_clients(tx, session.id));
  for (const store::SessionClient& one : joined) {
    ASSIGN_OR_RETURN(const auto client, store::find_client(tx, one.client_id));
    if (client) own.applications.push_back(client->name);
  }
  own.session = std::move(session);
  return own;
}

}  // namespace

base::Result<std::vector<OwnSession>> list_own_sessions(const House& house, const rights::Actor& actor,
                                                        base::Time now) {
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<OwnSession>> {
    ASSIGN_OR_RETURN(auto sessions, list_live_sessions(tx, actor.account(), now));
    const auto is_this = [&](const rights::Session& session) { return session.id == actor.session().id; };
    std::sort(sessions.begin(), sessions.end(), [&](const auto& a, const auto& b) {
      return is_this(a) != is_this(b) ? is_this(a) : a.last_seen > b.last_seen;
    });
    std::vector<OwnSession> out;
    for (rights::Session& session : sessions) {
      ASSIGN_OR_RETURN(OwnSession own, describe(tx, std::move(session), actor));
      out.push_back(std::move(own));
    }
    return out;
  });
}

base::Result<void> end_own_session(const House& house, const rights::Actor& actor, const base::Id& session_id,
                                   const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_fresh_proof(house, actor, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const rights::Session session, find_session_of(tx, actor.account().id, session_id));
    return end_session(tx, session, actor.account().tenant_id, {audit::type::session_end, audit::why::ended_by_owner},
                       facts);
  });
}

base::Result<std::size_t> end_other_sessions(const House& house, const rights::Actor& actor,
                                             const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_fresh_proof(house, actor, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) {
    return end_all_sessions(tx, actor.account(), &actor.session().id, audit::why::ended_by_owner, facts);
  });
}

base::Result<std::vector<OwnDevice>> list_own_devices(const House& house, const rights::Actor& actor,
                                                      const RequestFacts& facts) {
  const base::Id& id = actor.account().id;
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<OwnDevice>> {
    ASSIGN_OR_RETURN(const auto here, find_known_device(house, tx, &id, facts.devices, facts.now));
    ASSIGN_OR_RETURN(auto devices, store::list_devices(tx, id));
    std::vector<OwnDevice> out;
    for (store::Device& device : devices) {
      if (facts.now - device.last_seen >= house.settings.session.device_lasts) continue;
      const bool is_this = here && here->id == device.id;
      out.push_back({std::move(device), is_this});
    }
    return out;
  });
}

base::Result<void> forget_own_device(const House& house, const rights::Actor& actor, const base::Id& device_id,
                                     const RequestFacts& facts) {
  const identity::Account& account = actor.account();
  // Without its device the owner waits behind the failures of strangers, so that a stolen session must not forget it.
  RETURN_IF_ERROR(demand_fresh_proof(house, actor, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const bool forgotten, store::delete_device(tx, account.id, device_id));
    if (!forgotten) return base::fail(base::Code::not_found, "no device of this account");
    return store::append_event(
        tx, make_event(audit::type::account_change, actor, account, facts, {{"device", "forgotten"}}));
  });
}

}  // namespace flow
