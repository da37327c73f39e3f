// Who must use a second factor at a login, and which (S3.4, S3.5, S3.11): the one rule of an organisation, as its page
// and its command change it. To see it takes manage_policies or read_settings, to change it manage_policies and a fresh
// proof. The rule is a policy of kind second_factor that is bound to the organisation and those below it, or to groups.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "rights/factor_policy.hpp"

namespace flow {

enum class FactorScope : std::uint8_t {
  nobody,
  groups,
  everybody
};
std::string_view name_of(FactorScope scope);
/// Errors: invalid_input.
base::Result<FactorScope> parse_factor_scope(std::string_view name);

struct RuleGroup {
  base::Id id;
  std::string name;
  bool is_chosen = false;
};
struct FactorRule {
  TenantName tenant;
  FactorScope scope = FactorScope::nobody;
  std::vector<RuleGroup> groups;  // of the organisation
  rights::FactorPolicy policy;    // version 0: was never set
  bool is_from_above = false;     // an organisation above asks everybody here
};
/// `tenant`: as in find_managed_tenant. Errors: denied, not_found.
base::Result<FactorRule> find_factor_rule(const House& house, const rights::Actor& actor, std::string_view tenant);

struct FactorRuleWish {
  std::string_view tenant;
  FactorScope scope = FactorScope::nobody;
  std::vector<std::string> groups{};           // names or ids; only with FactorScope::groups, and then at least one
  std::map<std::string, std::string> rules{};  // those that change, as rights::to_map writes them
  std::optional<std::int64_t> version{};       // that the form was filled in for; nullopt: whatever it is
};

struct ShutOut {
  base::Id id;
  std::string login;
  std::string name;
  std::string kind;  // of the account
  bool is_external = false;
};
struct FactorRuleEffect {
  std::int64_t asked = 0;      // accounts of people that it asks, at most most_looked_at + 1
  std::int64_t without = 0;    // of them, those that have no factor that counts, and can set none up
  std::int64_t to_set_up = 0;  // of them, those that set one up at the next login
  std::int64_t external = 0;   // of those, external ones
  std::vector<ShutOut>
      shut_out;  // the first of them, by login; empty for an actor without the permission read_accounts
};
/// Accounts that a preview looks at and an export can list.
inline constexpr std::size_t most_looked_at = 10'000;
/// Judged as the change itself is. `named`: how many of those who are shut out it names. Errors: denied, not_found
/// (tenant, group), invalid_input (names of rules, enrol_methods also if it names one that does not count; "groups"),
/// conflict (another change came first).
base::Result<FactorRuleEffect> preview_factor_rule(const House& house, const rights::Actor& actor,
                                                   const FactorRuleWish& wish, std::size_t named, base::Time now);
/// In force from the next login, code or token on. Errors: those of preview_factor_rule; invalid_input "own_account"
/// (the actor's own account would have no way in).
base::Result<void> set_factor_rule(const House& house, const rights::Actor& actor, const FactorRuleWish& wish,
                                   const RequestFacts& facts);

}  // namespace flow
