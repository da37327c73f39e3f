// Password policies as an administrator changes them. A change raises the version and is in force from the next login
// of each account on. Every function needs the permission manage_policies (to see them read_settings is enough), every
// change a fresh proof; each change has its audit event. `tenant`: as in find_managed_tenant.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/password/policies.hpp"

namespace flow {

/// The policies that belong to a tenant. Errors: denied, not_found.
base::Result<std::vector<store::StoredPolicy>> list_policies(const House& house, const rights::Actor& actor,
                                                             std::string_view tenant);

using PolicyRules = std::vector<std::pair<std::string, std::string>>;  // as identity::to_map writes them
struct PolicyWish {
  std::string_view name;
  std::string_view preset;  // whose rules replace the old ones first; "" = the old rules stay
  PolicyRules rules;
  std::string_view tenant{};
  bool must_be_new = false;
  std::optional<std::int64_t> version{};  // that the form was filled in for; nullopt: whatever it is
};
/// Changes rules of the policy. A policy that does not exist is created and bound to nothing. Gives its id. Errors:
/// denied, invalid_input (names the rules), not_found (no such preset), already_exists (it must be new), conflict
/// (another change came first).
base::Result<base::Id> set_policy(const House& house, const rights::Actor& actor, const PolicyWish& wish,
                                  const RequestFacts& facts);

struct PolicyBinding {
  std::string_view policy;
  store::PolicyScope scope = store::PolicyScope::tenant;
  std::string_view whose;  // name or id of the group, key or id of the context; "" for the tenant
  std::string_view tenant{};
};
/// A policy that is bound to a tenant is bound to the tenants below it as well, whose administrators cannot unbind it.
/// Errors of both: denied, not_found (names what is missing).
base::Result<void> bind_policy(const House& house, const rights::Actor& actor, const PolicyBinding& binding,
                               const RequestFacts& facts);
base::Result<void> unbind_policy(const House& house, const rights::Actor& actor, const PolicyBinding& binding,
                                 const RequestFacts& facts);

}  // namespace flow
