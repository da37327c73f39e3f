// An actor is judged in the transaction that has the effect, because an administrator may suspend the account, take the
// context away or end the session after the door has found the visitor. `write_for` and `write_also_acting` are the
// only ways in which a flow writes for an actor; a test looks at every function of the room.
#pragma once

#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// Inside a transaction: the session is alive and acts in the same context, the account is active and has its security
/// stamp, and the context still belongs to the account with the same role and permissions. The operator of the command
/// line is always fine. Errors: denied.
base::Result<void> judge_actor(store::Tx& tx, const rights::Actor& actor, base::Time now);

/// Reason of a refusal, for log and tests: what is asked for is open to the person only.
inline constexpr std::string_view not_while_acting = "not_while_acting";

/// Whether the actor acts for nobody else. Errors: denied.
base::Result<void> demand_in_person(const rights::Actor& actor);

/// store::Store::write, with the actor judged first: `body(Tx&)` does not run for an actor who may not act any more.
/// For what also who acts for another person may do (S3.9); the event has to name both (make_event with the actor).
/// Errors besides those of the body: denied.
template <class F>
auto write_also_acting(const House& house, const rights::Actor& actor, base::Time now, F&& body)
    -> std::invoke_result_t<F, store::Tx&> {
  return house.store.write([&](store::Tx& tx) -> std::invoke_result_t<F, store::Tx&> {
    RETURN_IF_ERROR(judge_actor(tx, actor, now));
    return body(tx);
  });
}

/// The same for what a person does in person. It is the rule for every write: nothing is open to who acts for another
/// person unless its flow says so.
template <class F>
auto write_for(const House& house, const rights::Actor& actor, base::Time now, F&& body)
    -> std::invoke_result_t<F, store::Tx&> {
  RETURN_IF_ERROR(demand_in_person(actor));
  return write_also_acting(house, actor, now, std::forward<F>(body));
}

}  // namespace flow
