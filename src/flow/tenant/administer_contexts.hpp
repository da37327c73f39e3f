// What an acting context lacks of the permissions of its role: own data, password, suspension, deletion (S4.28).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

/// The contexts of the installation. Errors: denied.
base::Result<std::vector<rights::ActingContext>> list_acting_contexts(const House& house, const rights::Actor& actor);

struct ContextLimits {
  std::string_view context;        // key: "user"
  std::vector<std::string> lacks;  // names of rights::parse_lacking; the context has all others
};
/// Takes effect with the next request, also in open sessions. False: nothing changed, and nothing is recorded. Errors:
/// denied, not_found (context), invalid_input (not a permission that a context can lack).
base::Result<bool> set_context_limits(const House& house, const rights::Actor& actor, const ContextLimits& limits,
                                      const RequestFacts& facts);

}  // namespace flow
