#include "flow/password/preview_policy.hpp"

#include <algorithm>
#include <set>

#include "flow/house/demand_permission.hpp"
#include "flow/house/page_of_list.hpp"
#include "flow/house/report_for.hpp"
#include "identity/password/password_state.hpp"
#include "store/account/contexts.hpp"
#include "store/engine/store.hpp"
#include "store/group/groups.hpp"
#include "store/password/passwords.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr rights::Permissions may_see{rights::Permission::manage_policies, rights::Permission::read_settings};
using Accounts = std::set<base::Id>;

struct Found {
  store::Tenant tenant;
  store::StoredPolicy stored;
};

base::Result<Found> find_reached_policy(store::Tx& tx, const rights::Actor& actor, std::string_view policy) {
  const auto no_policy = [&] { return base::fail(base::Code::not_found, "there is no policy " + std::string(policy)); };
  const auto id = base::Id::parse(policy);
  if (!id) return no_policy();
  ASSIGN_OR_RETURN(auto stored, store::find_policy(tx, *id));
  if (!stored) return no_policy();
  ASSIGN_OR_RETURN(store::Tenant tenant, find_managed_tenant(tx, actor, stored->tenant_id.to_string()));
  return Found{std::move(tenant), *std::move(stored)};
}

/// The whole tenant, its groups and its contexts.
base::Result<std::vector<PolicyPlace>> list_places(store::Tx& tx, const store::Tenant& tenant) {
  std::vector<PolicyPlace> places{{store::PolicyScope::tenant, tenant.id, tenant.name}};
  ASSIGN_OR_RETURN(const auto groups, store::list_groups(tx, tenant.id));
  for (const store::Group& one : groups) places.push_back({store::PolicyScope::group, one.id, one.shown});
  ASSIGN_OR_RETURN(const auto contexts, store::list_contexts_of_tenant(tx, tenant.id));
  for (const rights::ActingContext& one : contexts) {
    places.push_back({store::PolicyScope::context, one.id, one.name});
  }
  return places;
}

base::Result<void> add_accounts_at(store::Tx& tx, const PolicyPlace& place, base::Time now, Accounts& accounts) {
  constexpr std::int64_t most = counted_exactly + 1;
  ASSIGN_OR_RETURN(const auto ids, store::list_accounts_under(tx, place.scope, place.id, now, most));
  for (const base::Id& id : ids) {
    if (static_cast<std::int64_t>(accounts.size()) < most) accounts.insert(id);
  }
  return {};
}

/// A tenant counts with those below it.
base::Result<Accounts> find_accounts(store::Tx& tx, const std::vector<PolicyPlace>& bound, base::Time now) {
  Accounts accounts;
  for (const PolicyPlace& place : bound) {
    if (place.scope != store::PolicyScope::tenant) {
      RETURN_IF_ERROR(add_accounts_at(tx, place, now, accounts));
      continue;
    }
    ASSIGN_OR_RETURN(const auto below, store::list_tenant_ids_from(tx, place.id));
    for (const base::Id& one : below) {
      RETURN_IF_ERROR(add_accounts_at(tx, {store::PolicyScope::tenant, one, {}}, now, accounts));
    }
  }
  return accounts;
}

base::Result<PolicyDetails> describe(store::Tx& tx, const rights::Actor& actor, Found found, base::Time now) {
  PolicyDetails details;
  ASSIGN_OR_RETURN(const auto places, list_places(tx, found.tenant));
  for (const PolicyPlace& place : places) {
    ASSIGN_OR_RETURN(const auto ids, store::list_policy_ids_of(tx, place.scope, place.id));
    const bool is_bound = std::find(ids.begin(), ids.end(), found.stored.id) != ids.end();
    (is_bound ? details.bound : details.open).push_back(place);
  }
  ASSIGN_OR_RETURN(const Accounts accounts, find_accounts(tx, details.bound, now));
  details.accounts = static_cast<std::int64_t>(accounts.size());
  details.tenant = name_tenant(actor, found.tenant);
  details.stored = std::move(found.stored);
  return details;
}

/// The rules as they would be; `mistakes` names those that cannot be.
identity::PasswordPolicy apply(const identity::PasswordPolicy& before, const PolicyRules& rules,
                               std::vector<std::string>& mistakes) {
  auto map = identity::to_map(before);
  for (const auto& [rule, value] : rules) map[rule] = value;
  auto after = identity::from_map(map);
  if (after) return *std::move(after);
  for (const auto& [rule, value] : rules) {
    auto alone = identity::to_map(before);
    alone[rule] = value;
    if (!identity::from_map(alone)) mistakes.push_back(rule);
  }
  // Each is right by itself, and they do not fit together.
  if (mistakes.empty()) {
    for (const auto& [rule, value] : rules) mistakes.push_back(rule);
  }
  return before;
}

/// The rules that differ between two policies.
std::vector<std::string> find_differences(const identity::PasswordPolicy& one, const identity::PasswordPolicy& other) {
  const auto ours = identity::to_map(one);
  const auto theirs = identity::to_map(other);
  std::vector<std::string> rules;
  for (const auto& [rule, value] : ours) {
    if (rule != "name" && rule != "version" && theirs.at(rule) != value) rules.push_back(rule);
  }
  return rules;
}

base::Result<void> compare(store::Tx& tx, const Found& found, const identity::PasswordPolicy& after,
                           PolicyEffect& effect) {
  ASSIGN_OR_RETURN(auto others, store::list_policies_of(tx, store::PolicyScope::tenant, found.tenant.id));
  std::erase(others, found.stored.policy);
  if (others.empty()) return {};
  const identity::PasswordPolicy besides = identity::strictest(others);
  others.push_back(after);
  const identity::PasswordPolicy together = identity::strictest(others);
  effect.stricter = find_differences(together, besides);
  effect.weaker = find_differences(together, after);
  return {};
}

bool is_expired(const store::PasswordCredential& password, const std::vector<identity::PasswordPolicy>& bound,
                base::Time now) {
  return identity::state_of({password.origin, password.set_at, false}, identity::strictest(bound), now).expired;
}

struct Change {
  const identity::PasswordPolicy& before;
  const identity::PasswordPolicy& after;
  const Accounts& accounts_after;
};

struct Examined {
  const base::Id& account;
  const store::PasswordCredential& password;
};

base::Result<bool> expires_by(store::Tx& tx, const Examined& one, const Change& change, base::Time now) {
  ASSIGN_OR_RETURN(auto bound, store::list_policies_of_account(tx, one.account, now));
  const bool was_expired = is_expired(one.password, bound, now);
  std::erase(bound, change.before);
  if (change.accounts_after.contains(one.account)) bound.push_back(change.after);
  return !was_expired && is_expired(one.password, bound, now);
}

base::Result<void> count_expiring(store::Tx& tx, const Accounts& concerned, const Change& change, base::Time now,
                                  PolicyEffect& effect) {
  // A password that all policies together do not end is ended by none of them: most are settled by one read.
  ASSIGN_OR_RETURN(auto all, store::list_bound_policies(tx));
  all.push_back(change.after);
  all.push_back(identity::nist_800_63b());  // of an account without any
  std::int64_t examined = 0;
  for (const base::Id& account : concerned) {
    if (++examined > examined_passwords) {
      effect.is_must_change_least = true;
      return {};
    }
    ASSIGN_OR_RETURN(const auto password, store::find_password(tx, account));
    if (!password || !is_expired(*password, all, now)) continue;
    ASSIGN_OR_RETURN(const bool expires, expires_by(tx, {account, *password}, change, now));
    if (expires) ++effect.must_change;
  }
  return {};
}

base::Result<PolicyPlace> take_place(std::vector<PolicyPlace>& from, std::string_view text) {
  const auto found = std::find_if(from.begin(), from.end(), [&](const auto& one) { return one.to_text() == text; });
  if (found == from.end()) return base::fail(base::Code::not_found, "there is no such place");
  PolicyPlace place = *std::move(found);
  from.erase(found);
  return place;
}

}  // namespace

std::string PolicyPlace::to_text() const {
  if (scope == store::PolicyScope::tenant) return "tenant";
  return std::string(kind()) + ":" + id.to_string();
}

base::Result<PolicyDetails> find_policy_details(const House& house, const rights::Actor& actor, std::string_view policy,
                                                base::Time now) {
  RETURN_IF_ERROR(demand_one_of(actor, may_see));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<PolicyDetails> {
    ASSIGN_OR_RETURN(Found found, find_reached_policy(tx, actor, policy));
    return describe(tx, actor, std::move(found), now);
  });
}

base::Result<TenantPolicies> list_tenant_policies(const House& house, const rights::Actor& actor,
                                                  std::string_view tenant, base::Time now) {
  RETURN_IF_ERROR(demand_one_of(actor, may_see));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<TenantPolicies> {
    ASSIGN_OR_RETURN(const store::Tenant of, find_managed_tenant(tx, actor, tenant));
    ASSIGN_OR_RETURN(auto policies, store::list_policies(tx, of.id));
    TenantPolicies all;
    ASSIGN_OR_RETURN(all.from_above, store::list_policies_of(tx, store::PolicyScope::tenant, of.id));
    for (store::StoredPolicy& one : policies) {
      std::erase(all.from_above, one.policy);
      ASSIGN_OR_RETURN(PolicyDetails details, describe(tx, actor, {of, std::move(one)}, now));
      all.own.push_back(std::move(details));
    }
    return all;
  });
}

base::Result<PolicyEffect> preview_policy(const House& house, const rights::Actor& actor, const PolicyPlan& plan,
                                          base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_policies));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<PolicyEffect> {
    ASSIGN_OR_RETURN(Found found, find_reached_policy(tx, actor, plan.policy));
    if (plan.version && *plan.version != found.stored.policy.version) {
      return base::fail(base::Code::conflict, "the policy was changed meanwhile");
    }
    PolicyEffect effect;
    const identity::PasswordPolicy after = apply(found.stored.policy, plan.rules, effect.mistakes);
    if (!effect.mistakes.empty()) return effect;
    ASSIGN_OR_RETURN(PolicyDetails details, describe(tx, actor, found, now));
    ASSIGN_OR_RETURN(Accounts concerned, find_accounts(tx, details.bound, now));
    effect.accounts_before = static_cast<std::int64_t>(concerned.size());
    if (!plan.bind.empty()) {
      ASSIGN_OR_RETURN(PolicyPlace place, take_place(details.open, plan.bind));
      details.bound.push_back(std::move(place));
    }
    if (!plan.unbind.empty()) RETURN_IF_ERROR(take_place(details.bound, plan.unbind));
    ASSIGN_OR_RETURN(const Accounts accounts_after, find_accounts(tx, details.bound, now));
    effect.accounts_after = static_cast<std::int64_t>(accounts_after.size());
    concerned.insert(accounts_after.begin(), accounts_after.end());
    RETURN_IF_ERROR(compare(tx, found, after, effect));
    RETURN_IF_ERROR(count_expiring(tx, concerned, {found.stored.policy, after, accounts_after}, now, effect));
    return effect;
  });
}

base::Result<void> bind_policy_at(const House& house, const rights::Actor& actor, const PolicyPlan& plan,
                                  const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_policies));
  const bool is_bound = !plan.bind.empty();
  ASSIGN_OR_RETURN(PolicyDetails details, find_policy_details(house, actor, plan.policy, facts.now));
  ASSIGN_OR_RETURN(const PolicyPlace place,
                   take_place(is_bound ? details.open : details.bound, is_bound ? plan.bind : plan.unbind));
  const std::string whose = place.scope == store::PolicyScope::tenant ? std::string() : place.id.to_string();
  const PolicyBinding binding{details.stored.policy.name, place.scope, whose, details.tenant.key};
  return (is_bound ? bind_policy : unbind_policy)(house, actor, binding, facts);
}

}  // namespace flow
