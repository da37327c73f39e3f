#include "flow/login/own_sessions.hpp"

#include "audit/event.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/session/known_device.hpp"
#include "flow/session/live_session.hpp"
#include "flow/session/logout.hpp"
#include "identity/identifier/device_name.hpp"
#include "rights/session.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/session/devices.hpp"

namespace flow {

base::Result<OpenSessions> list_own_sessions(const House& house, const rights::Actor& actor, SessionsWish wish,
                                             base::Time now) {
  wish.own = actor.session().id;
  return house.store.read([&](store::Tx& tx) { return list_open_sessions(house, tx, actor.account(), wish, now); });
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
    ASSIGN_OR_RETURN(auto devices, list_known_devices(house, tx, id, facts.now));
    std::vector<OwnDevice> out;
    for (store::Device& device : devices) {
      const bool is_this = here && here->id == device.id;
      out.push_back({std::move(device), is_this});
    }
    return out;
  });
}

base::Result<void> name_own_device(const House& house, const rights::Actor& actor, const base::Id& device_id,
                                   std::string_view name, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const std::string parsed, identity::parse_device_name(name));
  return write_also_acting(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const bool named, store::name_device(tx, actor.account().id, device_id, parsed));
    if (!named) return base::fail(base::Code::not_found, "no device of this account");
    // The name is the person's own text, which has no place in the part of an event that stays.
    return store::append_event(tx,
                               make_event(audit::type::account_change, actor, actor.account(), facts,
                                          {{"device", parsed.empty() ? audit::Code("unnamed") : audit::Code("named")},
                                           {"device_id", device_id}}));
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
    return store::append_event(tx, make_event(audit::type::account_change, actor, account, facts,
                                              {{"device", "forgotten"}, {"device_id", device_id}}));
  });
}

}  // namespace flow
