// Password policies as pages show them: where each is bound, and what a change would do for whom before it is made. To
// see them takes manage_policies or read_settings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/house.hpp"
#include "flow/password/administer_policies.hpp"
#include "rights/actor.hpp"
#include "store/password/policies.hpp"

namespace flow {

/// Where a policy is or can be bound: the whole tenant and those below it, a group, a context.
struct PolicyPlace {
  store::PolicyScope scope = store::PolicyScope::tenant;
  base::Id id{};
  std::string name{};  // of the tenant or the group; of a context as it is stored
  /// "tenant", "group:ID", "context:ID": for forms.
  [[nodiscard]] std::string to_text() const;
  [[nodiscard]] std::string_view kind() const { return store::name_of(scope); }
};

struct PolicyDetails {
  store::StoredPolicy stored;
  TenantName tenant;
  std::vector<PolicyPlace> bound;
  std::vector<PolicyPlace> open;  // of its tenant, where it is not bound
  std::int64_t accounts = 0;      // to which it applies; at most counted_exactly + 1
};
/// `policy`: id. Errors: denied, not_found.
base::Result<PolicyDetails> find_policy_details(const House& house, const rights::Actor& actor, std::string_view policy,
                                                base::Time now);
struct TenantPolicies {
  std::vector<PolicyDetails> own;
  std::vector<identity::PasswordPolicy> from_above;  // bound to a tenant above it; they cannot be unbound here
};
/// `tenant`: as in find_managed_tenant. Errors: denied, not_found.
base::Result<TenantPolicies> list_tenant_policies(const House& house, const rights::Actor& actor,
                                                  std::string_view tenant, base::Time now);

/// One change: of rules, or of one place ("group:ID").
struct PolicyPlan {
  std::string_view policy;  // id
  PolicyRules rules{};
  std::optional<std::int64_t> version{};
  std::string_view bind{};
  std::string_view unbind{};
};
/// As many passwords are looked at as accounts are counted.
inline constexpr std::int64_t examined_passwords = 10'000;
struct PolicyEffect {
  std::vector<std::string> mistakes;  // names of rules out of their limits; then the rest is empty
  std::int64_t accounts_before = 0;
  std::int64_t accounts_after = 0;
  std::int64_t must_change = 0;       // accounts whose password expires by it, and must be changed at the next login
  bool is_must_change_least = false;  // there were more accounts than were looked at
  std::vector<std::string> stricter;  // names of rules in which it is stricter than what is bound to its tenant besides
  std::vector<std::string> weaker;    // in which something stricter counts anyway
};
/// Judged as the change itself is. Errors: denied, not_found (policy, place), conflict (another change came first).
base::Result<PolicyEffect> preview_policy(const House& house, const rights::Actor& actor, const PolicyPlan& plan,
                                          base::Time now);

/// The binding of a form. Errors: invalid_input (no such text).
base::Result<void> bind_policy_at(const House& house, const rights::Actor& actor, const PolicyPlan& plan,
                                  const RequestFacts& facts);

}  // namespace flow
