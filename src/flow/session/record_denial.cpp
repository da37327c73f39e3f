#include "flow/session/record_denial.hpp"

#include "audit/event.hpp"
#include "crypto/master_key.hpp"
#include "flow/house/record.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/proof/throttling.hpp"

namespace flow {
namespace {

constexpr std::int64_t most_in_minute = 1;

// nullopt: the event is not written; else the number to name in it, if it is not the first.
struct Turn {
  bool is_written = false;
  std::optional<std::int64_t> count{};
};

base::Result<Turn> take_turn(const House& house, store::Tx& tx, const std::string& what, base::Time now) {
  const base::Bytes bucket = house.master.authenticate("throttle", "denied|" + what);
  ASSIGN_OR_RETURN(const std::int64_t count, store::count_in_window(tx, bucket, std::chrono::minutes(1), now));
  return Turn{is_written(count, most_in_minute), count > most_in_minute ? std::optional(count) : std::nullopt};
}

}  // namespace

base::Result<void> record_denial(const House& house, const rights::Actor& actor, const Denial& denial,
                                 const RequestFacts& facts) {
  if (actor.is_operator()) return {};
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    const std::string action = actor.account().id.to_string() + "|" + std::string(denial.page);
    ASSIGN_OR_RETURN(const Turn turn, take_turn(house, tx, action, facts.now));
    if (!turn.is_written) return {};
    audit::Event event =
        make_event(audit::type::denied, actor, {actor.account().tenant_id, denial.subject.value_or(base::Id())}, facts,
                   {{"page", audit::Value::route(denial.page)},
                    {"permission", denial.permission ? audit::Code(*denial.permission) : audit::Code()},
                    {"in_this_minute", audit::Value::count(turn.count)}});
    event.outcome = "failure";
    return store::append_event(tx, std::move(event));
  });
}

base::Result<void> record_tampered_cookie(const House& house, const rights::Session& session,
                                          const RequestFacts& facts) {
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, session.account_id));
    if (!account) return {};
    ASSIGN_OR_RETURN(const Turn turn, take_turn(house, tx, "cookie|" + session.id.to_string(), facts.now));
    if (!turn.is_written) return {};
    audit::Event event = make_event(audit::type::tampering, *account, facts,
                                    {{"what", "session_cookie"}, {"in_this_minute", audit::Value::count(turn.count)}});
    event.outcome = "failure";
    event.session = session.id;
    return store::append_event(tx, std::move(event));
  });
}

}  // namespace flow
