#include "flow/tenant/second_factor_rule.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "flow/house/report_for.hpp"
#include "flow/login/list_factors.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/group/groups.hpp"
#include "store/password/policies.hpp"
#include "store/proof/factor_policies.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr std::array<std::string_view, 3> scope_names{"nobody", "groups", "everybody"};
constexpr rights::Permissions may_see{rights::Permission::manage_policies, rights::Permission::read_settings};
constexpr std::string_view rule_name = "second-factor";

struct Ground {
  store::Tenant tenant;
  std::optional<store::StoredFactorPolicy> stored;
  store::BoundTo bound;
};

base::Result<Ground> find_ground(store::Tx& tx, const rights::Actor& actor, std::string_view tenant) {
  Ground ground;
  ASSIGN_OR_RETURN(ground.tenant, find_managed_tenant(tx, actor, tenant));
  ASSIGN_OR_RETURN(ground.stored, store::find_factor_policy(tx, ground.tenant.id, rule_name));
  if (ground.stored) {
    ASSIGN_OR_RETURN(ground.bound, store::find_bindings(tx, *ground.stored));
  }
  return ground;
}

FactorScope scope_of(const store::BoundTo& bound) {
  if (bound.is_tenant) return FactorScope::everybody;
  return bound.groups.empty() ? FactorScope::nobody : FactorScope::groups;
}

/// What the wish makes of what is there.
struct Planned {
  rights::FactorPolicy policy;
  std::vector<store::Group> groups;  // of FactorScope::groups
};

base::Result<Planned> plan(store::Tx& tx, const Ground& ground, const FactorRuleWish& wish) {
  const std::int64_t version = ground.stored ? ground.stored->policy.version : 0;
  if (wish.version && *wish.version != version) {
    return base::fail(base::Code::conflict, "the rule was changed meanwhile");
  }
  Planned planned;
  ASSIGN_OR_RETURN(planned.policy,
                   rights::change_policy(ground.stored ? ground.stored->policy : rights::FactorPolicy(), wish.rules));
  planned.policy.name = rule_name;
  // What does not count would be set up for nothing. A rule of before is left alone by a change of the scope.
  const auto& counted = planned.policy.methods;
  const bool is_beyond =
      std::any_of(planned.policy.enrol_methods.begin(), planned.policy.enrol_methods.end(),
                  [&](auto one) { return std::find(counted.begin(), counted.end(), one) == counted.end(); });
  if (is_beyond && !wish.rules.empty()) return base::fail(base::Code::invalid_input, "enrol_methods");
  if (wish.scope != FactorScope::groups) return planned;
  if (wish.groups.empty()) return base::fail(base::Code::invalid_input, "groups");
  for (const std::string& named : wish.groups) {
    ASSIGN_OR_RETURN(store::Group group, find_group_of(tx, ground.tenant.id, named));
    planned.groups.push_back(std::move(group));
  }
  return planned;
}

struct Scope {
  store::PolicyScope kind = store::PolicyScope::tenant;
  base::Id id;
};

base::Result<std::vector<Scope>> list_scopes(store::Tx& tx, const Ground& ground, const FactorRuleWish& wish,
                                             const Planned& planned) {
  std::vector<Scope> scopes;
  if (wish.scope == FactorScope::everybody) {
    ASSIGN_OR_RETURN(const auto tenants, store::list_tenant_ids_from(tx, ground.tenant.id));
    for (const base::Id& one : tenants) scopes.push_back({store::PolicyScope::tenant, one});
  }
  for (const store::Group& group : planned.groups) scopes.push_back({store::PolicyScope::group, group.id});
  return scopes;
}

/// Programs have no second step.
bool is_asked(const identity::Account& account) {
  return identity::may_log_in(account) && account.kind != identity::AccountKind::client_system &&
         account.kind != identity::AccountKind::service;
}

/// The accounts of people in the scopes, of the first most_looked_at.
base::Result<std::vector<identity::Account>> list_asked(store::Tx& tx, const std::vector<Scope>& scopes,
                                                        base::Time now) {
  std::set<base::Id> ids;
  for (const Scope& scope : scopes) {
    ASSIGN_OR_RETURN(const auto some, store::list_accounts_under(tx, scope.kind, scope.id, now,
                                                                 static_cast<std::int64_t>(most_looked_at) + 1));
    ids.insert(some.begin(), some.end());
  }
  std::vector<identity::Account> asked;
  for (const base::Id& id : ids) {
    if (asked.size() > most_looked_at) break;
    ASSIGN_OR_RETURN(auto account, store::find_account(tx, id));
    if (account && is_asked(*account)) asked.push_back(*std::move(account));
  }
  return asked;
}

/// Whether the account, which has no factor that counts, sets one up at a login that begins with the password.
base::Result<bool> can_set_up(const House& house, store::Tx& tx, const identity::Account& account,
                              const Planned& planned) {
  const rights::FactorDemand demand{true, planned.policy};
  ASSIGN_OR_RETURN(const EnrolmentOffer offer,
                   find_enrolment(house, tx, account, demand, rights::Proofs(rights::ProofMethod::password)));
  return !offer.methods.empty();
}

/// Nobody locks out the own account by a rule.
base::Result<void> demand_own_way_in(const House& house, store::Tx& tx, const rights::Actor& actor,
                                     const std::vector<Scope>& scopes, const Planned& planned) {
  if (actor.is_operator() || planned.policy.grace_days > 0) return {};
  const identity::Account& own = actor.account();
  bool is_in_scope = false;
  for (const Scope& scope : scopes) {
    if (scope.kind == store::PolicyScope::tenant) is_in_scope = is_in_scope || scope.id == own.tenant_id;
    if (scope.kind != store::PolicyScope::group) continue;
    ASSIGN_OR_RETURN(const auto groups, store::list_groups_of(tx, own.id));
    is_in_scope = is_in_scope || std::any_of(groups.begin(), groups.end(),
                                             [&](const store::Group& one) { return one.id == scope.id; });
  }
  if (!is_in_scope) return {};
  ASSIGN_OR_RETURN(const auto steps, list_second_steps(house, tx, own, planned.policy.methods));
  if (!steps.empty()) return {};
  ASSIGN_OR_RETURN(const bool may_set_up, can_set_up(house, tx, own, planned));
  if (may_set_up) return {};
  return base::fail(base::Code::invalid_input, "own_account");
}

struct Looking {
  const House& house;
  const FactorRuleWish& wish;
  base::Time now;
  std::size_t named;
};

base::Result<FactorRuleEffect> find_effect(store::Tx& tx, const Ground& ground, const Planned& planned,
                                           const Looking& looking) {
  ASSIGN_OR_RETURN(const auto scopes, list_scopes(tx, ground, looking.wish, planned));
  ASSIGN_OR_RETURN(const auto asked, list_asked(tx, scopes, looking.now));
  FactorRuleEffect effect;
  effect.asked = static_cast<std::int64_t>(asked.size());
  for (const identity::Account& account : asked) {
    // By the same judgement as a login.
    ASSIGN_OR_RETURN(const auto steps, list_second_steps(looking.house, tx, account, planned.policy.methods));
    if (!steps.empty()) continue;
    ASSIGN_OR_RETURN(const bool may_set_up, can_set_up(looking.house, tx, account, planned));
    if (may_set_up) {
      ++effect.to_set_up;
      continue;
    }
    ++effect.without;
    if (account.external) ++effect.external;
    if (effect.shut_out.size() == looking.named) continue;
    effect.shut_out.push_back(
        {account.id, account.login, account.display_name(), std::string(name_of(account.kind)), account.external});
  }
  std::sort(effect.shut_out.begin(), effect.shut_out.end(),
            [](const ShutOut& one, const ShutOut& other) { return one.login < other.login; });
  return effect;
}

std::string print(const rights::FactorPolicy& policy) {
  std::string all;
  for (const auto& [rule, value] : rights::to_map(policy)) {
    if (rule != "name") all.append(all.empty() ? "" : ", ").append(rule).append("=").append(value);
  }
  return all;
}

std::string print_scope(FactorScope scope, const std::vector<std::string>& groups) {
  std::string text(name_of(scope));
  for (const std::string& group : groups) text.append(" ").append(group);
  return text;
}

base::Result<std::string> print_bound(store::Tx& tx, const store::BoundTo& bound) {
  std::vector<std::string> names;
  for (const base::Id& id : bound.groups) {
    ASSIGN_OR_RETURN(const auto group, store::find_group(tx, id));
    if (group) names.push_back(group->shown);
  }
  return print_scope(scope_of(bound), names);
}

base::Result<void> bind_again(store::Tx& tx, const Ground& ground, const base::Id& policy, const FactorRuleWish& wish,
                              const Planned& planned) {
  ASSIGN_OR_RETURN(const auto tenants, store::list_tenant_ids_from(tx, ground.tenant.id));
  for (const base::Id& one : tenants) {
    RETURN_IF_ERROR(wish.scope == FactorScope::everybody
                        ? store::bind_policy(tx, policy, store::PolicyScope::tenant, one)
                        : store::unbind_policy(tx, policy, store::PolicyScope::tenant, one));
  }
  for (const base::Id& one : ground.bound.groups) {
    RETURN_IF_ERROR(store::unbind_policy(tx, policy, store::PolicyScope::group, one));
  }
  for (const store::Group& group : planned.groups) {
    RETURN_IF_ERROR(store::bind_policy(tx, policy, store::PolicyScope::group, group.id));
  }
  return {};
}

}  // namespace

std::string_view name_of(FactorScope scope) {
  return scope_names.at(static_cast<std::size_t>(scope));
}

base::Result<FactorScope> parse_factor_scope(std::string_view name) {
  const auto found = std::find(scope_names.begin(), scope_names.end(), name);
  if (found == scope_names.end()) return base::fail(base::Code::invalid_input, "who: nobody, groups or everybody");
  return static_cast<FactorScope>(found - scope_names.begin());
}

base::Result<FactorRule> find_factor_rule(const House& house, const rights::Actor& actor, std::string_view tenant) {
  RETURN_IF_ERROR(demand_one_of(actor, may_see));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<FactorRule> {
    ASSIGN_OR_RETURN(const Ground ground, find_ground(tx, actor, tenant));
    FactorRule rule;
    rule.tenant = name_tenant(actor, ground.tenant);
    rule.scope = scope_of(ground.bound);
    rule.policy.version = 0;
    if (ground.stored) rule.policy = ground.stored->policy;
    ASSIGN_OR_RETURN(const auto groups, store::list_groups(tx, ground.tenant.id));
    for (const store::Group& group : groups) {
      const auto& chosen = ground.bound.groups;
      rule.groups.push_back({group.id, group.shown, std::find(chosen.begin(), chosen.end(), group.id) != chosen.end()});
    }
    ASSIGN_OR_RETURN(const auto ids, store::list_policy_ids_of(tx, store::PolicyScope::tenant, ground.tenant.id));
    for (const base::Id& id : ids) {
      const bool is_own = ground.stored && ground.stored->id == id;
      if (is_own) continue;
      ASSIGN_OR_RETURN(const bool is_factor_policy, store::is_factor_policy(tx, id));
      rule.is_from_above = rule.is_from_above || is_factor_policy;
    }
    return rule;
  });
}

base::Result<FactorRuleEffect> preview_factor_rule(const House& house, const rights::Actor& actor,
                                                   const FactorRuleWish& wish, std::size_t named, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_policies));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<FactorRuleEffect> {
    ASSIGN_OR_RETURN(const Ground ground, find_ground(tx, actor, wish.tenant));
    ASSIGN_OR_RETURN(const Planned planned, plan(tx, ground, wish));
    const bool may_name = actor.may(rights::Permission::read_accounts);
    return find_effect(tx, ground, planned, {house, wish, now, may_name ? named : 0});
  });
}

base::Result<void> set_factor_rule(const House& house, const rights::Actor& actor, const FactorRuleWish& wish,
                                   const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_policies, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const Ground ground, find_ground(tx, actor, wish.tenant));
    ASSIGN_OR_RETURN(const Planned planned, plan(tx, ground, wish));
    ASSIGN_OR_RETURN(const auto scopes, list_scopes(tx, ground, wish, planned));
    RETURN_IF_ERROR(demand_own_way_in(house, tx, actor, scopes, planned));
    const base::Id id = ground.stored ? ground.stored->id : base::Id::make(facts.now);
    if (ground.stored) {
      RETURN_IF_ERROR(store::update_factor_policy(tx, id, planned.policy, facts.now));
    } else {
      RETURN_IF_ERROR(store::insert_factor_policy(tx, {id, ground.tenant.id, planned.policy}, facts.now));
    }
    RETURN_IF_ERROR(bind_again(tx, ground, id, wish, planned));
    ASSIGN_OR_RETURN(const std::string before, print_bound(tx, ground.bound));
    std::vector<std::string> names;
    for (const store::Group& group : planned.groups) names.push_back(group.shown);
    return store::append_event(tx, make_event(audit::type::policy_change, actor, ground.tenant.id, facts,
                                              {{"policy", audit::Value::registered(rule_name)},
                                               {"old", audit::Value::registered(before)},
                                               {"new", audit::Value::registered(print_scope(wish.scope, names))},
                                               {"rules", audit::Value::registered(print(planned.policy))}}));
  });
}

}  // namespace flow
