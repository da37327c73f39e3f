// Lists, searches and exports for a person read on connections of their own. Of one person one report runs at a time,
// so that nobody keeps the others from theirs (docs/operators/load.md).
#pragma once

#include <type_traits>
#include <utility>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// store::Store::read_report for the actor. Commands of the operator are not limited. Errors besides those of the body:
/// unavailable.
template <class F>
auto report_for(const House& house, const rights::Actor& actor, F&& body) -> std::invoke_result_t<F, store::Tx&> {
  return house.store.read_report(std::forward<F>(body), actor.is_operator() ? base::Id() : actor.account().id);
}

}  // namespace flow
