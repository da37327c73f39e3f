// An actor is judged in the transaction that has the effect, because an administrator may suspend the account, take the
// context away or end the session after the door has found the visitor. `write_for` is the only way in which a flow
// writes for an actor; a test looks at every function of the room.
#pragma once

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

/// store::Store::write, with the actor judged first: `body(Tx&)` does not run for an actor who may not act any more.
/// Errors besides those of the body: denied.
template <class F>
auto write_for(const House& house, const rights::Actor& actor, base::Time now, F&& body)
    -> std::invoke_result_t<F, store::Tx&> {
  return house.store.write([&](store::Tx& tx) -> std::invoke_result_t<F, store::Tx&> {
    RETURN_IF_ERROR(judge_actor(tx, actor, now));
    return body(tx);
  });
}

}  // namespace flow
