// The choice of the acting context (S4.8), after the login or later from the overview. The session gets a new id and a
// new secret, because its rights change (session fixation).
#pragma once

#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/session/find_visitor.hpp"
#include "rights/context.hpp"

namespace flow {

/// The contexts that this login may choose.
base::Result<std::vector<rights::ActingContext>> list_offered_contexts(const House& house, const Visitor& visitor,
                                                                       const RequestFacts& facts);

/// Gives the value of the new session cookie. `context`: key of the context (form field `context`).
/// Errors: denied (not offered), login_failed (nobody is logged in), conflict (the session was replaced meanwhile),
/// too_many (an account switches 60 times in an hour, on all nodes together; the choice after a login does not count).
base::Result<base::Secret> choose_context(const House& house, const Visitor& visitor, std::string_view context,
                                          const RequestFacts& facts);

}  // namespace flow
