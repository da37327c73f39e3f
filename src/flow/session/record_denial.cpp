#include "flow/session/record_denial.hpp"

#include "audit/event.hpp"
#include "flow/house/event_turn.hpp"
#include "flow/house/record.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

constexpr std::int64_t most_in_minute = 1;

}  // namespace

base::Result<void> record_denial(const House& house, const rights::Actor& actor, const Denial& denial,
                                 const RequestFacts& facts) {
  if (actor.is_operator()) return {};
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    const std::string action = actor.holder().id.to_string() + "|" + std::string(denial.page);
    ASSIGN_OR_RETURN(const EventTurn turn, take_event_turn(house, tx, "denied|" + action, most_in_minute, facts.now));
    if (!turn.is_written) return {};
    audit::Event event =
        make_event(audit::type::denied, actor, {actor.account().tenant_id, denial.subject.value_or(base::Id())}, facts,
                   {{"page", audit::Value::route(denial.page)},
                    {"permission", denial.permission ? audit::Code(*denial.permission) : audit::Code()},
                    {"in_this_minute", audit::Value::count(turn.in_this_minute)}});
    event.outcome = "failure";
    return store::append_event(tx, std::move(event));
  });
}

base::Result<void> record_tampered_cookie(const House& house, const rights::Session& session,
                                          const RequestFacts& facts) {
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, session.account_id));
    if (!account) return {};
    ASSIGN_OR_RETURN(const EventTurn turn,
                     take_event_turn(house, tx, "denied|cookie|" + session.id.to_string(), most_in_minute, facts.now));
    if (!turn.is_written) return {};
    audit::Event event =
        make_event(audit::type::tampering, *account, facts,
                   {{"what", "session_cookie"}, {"in_this_minute", audit::Value::count(turn.in_this_minute)}});
    event.outcome = "failure";
    event.session = session.id;
    return store::append_event(tx, std::move(event));
  });
}

}  // namespace flow
