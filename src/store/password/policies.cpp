#include "store/password/policies.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <map>
#include <tuple>

#include "store/driver/sql.hpp"

namespace store {
namespace {

namespace json = boost::json;

std::string to_spec(const identity::PasswordPolicy& policy) {
  json::object spec;
  for (const auto& [rule, value] : identity::to_map(policy)) spec[rule] = value;
  return json::serialize(spec);
}

base::Result<identity::PasswordPolicy> parse_spec(const std::string& spec, std::int64_t version) {
  json::error_code error;
  const json::value value = json::parse(spec, error);
  if (error || !value.is_object()) return base::fail(base::Code::internal, "a password policy is not readable");
  std::map<std::string, std::string> rules;
  for (const auto& [rule, one] : value.get_object()) {
    if (!one.is_string()) return base::fail(base::Code::internal, "a rule of a password policy is not readable");
    rules.emplace(rule, std::string(one.get_string()));
  }
  auto policy = identity::from_stored(rules);
  if (!policy) return base::fail(base::Code::internal, policy.error().reason);
  policy->version = version;
  return policy;
}

// The same few policies are read at every login. A parsed policy is cached by its text, so that a changed policy is
// never served from the cache. Each thread has its own cache, so that it needs no lock.
base::Result<identity::PasswordPolicy> read_spec(std::string_view spec, std::int64_t version) {
  constexpr std::size_t most = 32;
  thread_local std::map<std::string, identity::PasswordPolicy, std::less<>> known;
  auto found = known.find(spec);
  if (found == known.end()) {
    ASSIGN_OR_RETURN(identity::PasswordPolicy policy, parse_spec(std::string(spec), version));
    if (known.size() >= most) known.clear();
    found = known.emplace(spec, std::move(policy)).first;
  }
  identity::PasswordPolicy policy = found->second;
  policy.version = version;
  return policy;
}

constexpr SqlPart columns = "p.id, p.tenant_id, p.spec, p.version";

class PolicyReader {
 public:
  void operator()(const Row& row) {
    Fields field(row);
    const base::Id id = field.id();
    const base::Id tenant_id = field.id();
    const std::string_view spec = field.view();
    auto policy = read_spec(spec, field.integer());
    if (!policy) {
      failure = policy.error();
      return;
    }
    found.push_back({id, tenant_id, std::move(*policy)});
  }
  std::vector<StoredPolicy> found;
  std::optional<base::Error> failure;
};

base::Result<std::vector<StoredPolicy>> all_of(Tx& tx, Sql sql, std::initializer_list<Param> params) {
  PolicyReader reader;
  RETURN_IF_ERROR(tx.query(sql, params, reader));
  if (reader.failure) return tl::unexpected<base::Error>(*reader.failure);
  return std::move(reader.found);
}

// By name, each once, as store/proof/factor_policies.cpp does it and for its reason.
void put_in_order(std::vector<StoredPolicy>& policies) {
  const auto place = [](const StoredPolicy& one) { return std::tie(one.policy.name, one.id); };
  std::sort(policies.begin(), policies.end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
  const auto is_same = [](const auto& a, const auto& b) { return a.id == b.id; };
  policies.erase(std::unique(policies.begin(), policies.end(), is_same), policies.end());
}

std::vector<identity::PasswordPolicy> rules_of(std::vector<StoredPolicy> stored) {
  std::vector<identity::PasswordPolicy> rules;
  rules.reserve(stored.size());
  for (StoredPolicy& one : stored) rules.push_back(std::move(one.policy));
  return rules;
}

base::Result<void> refuse_mistakes(const identity::PasswordPolicy& policy) {
  std::string all;
  for (const std::string& mistake : identity::find_mistakes(policy)) all.append(" ").append(mistake);
  if (all.empty()) return {};
  return base::fail(base::Code::invalid_input, "password policy, out of its limits:" + all);
}

}  // namespace

std::string_view name_of(PolicyScope scope) {
  constexpr std::array<std::string_view, 3> names{"tenant", "group", "context"};
  return names.at(static_cast<std::size_t>(scope));
}

base::Result<void> insert_policy(Tx& tx, const StoredPolicy& policy, base::Time now) {
  RETURN_IF_ERROR(refuse_mistakes(policy.policy));
  ASSIGN_OR_RETURN(
      const std::int64_t added,
      tx.run("INSERT INTO policy(id, tenant_id, kind, name, spec, version, changed_at) "
             "VALUES ($1, $2, 'password', $3, $4, $5, $6) ON CONFLICT DO NOTHING",
             {policy.id, policy.tenant_id, policy.policy.name, to_spec(policy.policy), policy.policy.version, now}));
  if (added == 0) return base::fail(base::Code::already_exists, "the policy " + policy.policy.name + " exists");
  return {};
}

base::Result<void> update_policy(Tx& tx, const base::Id& id, const identity::PasswordPolicy& policy, base::Time now) {
  RETURN_IF_ERROR(refuse_mistakes(policy));
  return expect_changed(tx.run("UPDATE policy SET name = $2, spec = $3, version = version + 1, changed_at = $4 "
                               "WHERE id = $1",
                               {id, policy.name, to_spec(policy), now}),
                        "the policy");
}

base::Result<void> bind_policy(Tx& tx, const base::Id& policy_id, PolicyScope scope, const base::Id& scope_id) {
  return without_count(
      tx.run("INSERT INTO policy_binding(scope, scope_id, policy_id, tenant_id) "
             "SELECT $1, $2, p.id, p.tenant_id FROM policy p WHERE p.id = $3 ON CONFLICT DO NOTHING",
             {name_of(scope), scope_id, policy_id}));
}

base::Result<void> unbind_policy(Tx& tx, const base::Id& policy_id, PolicyScope scope, const base::Id& scope_id) {
  return without_count(tx.run("DELETE FROM policy_binding WHERE scope = $1 AND scope_id = $2 AND policy_id = $3",
                              {name_of(scope), scope_id, policy_id}));
}

base::Result<std::vector<StoredPolicy>> list_policies(Tx& tx, const base::Id& tenant_id) {
  return all_of(
      tx, sql<"SELECT ", columns, " FROM policy p WHERE p.tenant_id = $1 AND p.kind = 'password' ORDER BY p.name">,
      {tenant_id});
}

base::Result<std::optional<StoredPolicy>> find_policy(Tx& tx, const base::Id& id) {
  ASSIGN_OR_RETURN(auto found,
                   all_of(tx, sql<"SELECT ", columns, " FROM policy p WHERE p.id = $1 AND p.kind = 'password'">, {id}));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

base::Result<std::vector<base::Id>> list_accounts_under(Tx& tx, PolicyScope scope, const base::Id& scope_id,
                                                        base::Time now, std::int64_t most) {
  if (scope == PolicyScope::tenant) {
    return tx.find_all("SELECT account_id FROM account_term WHERE tenant_id = $1 AND kind = 'created' LIMIT $2",
                       {scope_id, most}, read_id);
  }
  if (scope == PolicyScope::group) {
    return tx.find_all("SELECT account_id FROM group_member WHERE group_id = $1 LIMIT $2", {scope_id, most}, read_id);
  }
  return tx.find_all(
      "SELECT account_id FROM account_context WHERE context_id = $1 AND from_at <= $2 "
      "AND (until_at IS NULL OR until_at > $2) LIMIT $3",
      {scope_id, now, most}, read_id);
}

base::Result<std::vector<identity::PasswordPolicy>> list_policies_of(Tx& tx, PolicyScope scope,
                                                                     const base::Id& scope_id) {
  ASSIGN_OR_RETURN(auto found,
                   all_of(tx,
                          sql<"SELECT ", columns,
                              " FROM policy_binding b JOIN policy p ON p.id = b.policy_id "
                              "WHERE b.scope = $1 AND b.scope_id = $2 AND p.kind = 'password' ORDER BY p.name, p.id">,
                          {name_of(scope), scope_id}));
  return rules_of(std::move(found));
}

base::Result<std::vector<std::string>> list_policy_names_of(Tx& tx, PolicyScope scope, const base::Id& scope_id) {
  return tx.find_all(
      "SELECT p.name FROM policy_binding b JOIN policy p ON p.id = b.policy_id "
      "WHERE b.scope = $1 AND b.scope_id = $2 ORDER BY p.name, p.id",
      {name_of(scope), scope_id}, read_text);
}

base::Result<std::vector<base::Id>> list_policy_ids_of(Tx& tx, PolicyScope scope, const base::Id& scope_id) {
  return tx.find_all("SELECT policy_id FROM policy_binding WHERE scope = $1 AND scope_id = $2 ORDER BY policy_id",
                     {name_of(scope), scope_id}, read_id);
}

base::Result<std::vector<identity::PasswordPolicy>> list_bound_policies(Tx& tx) {
  ASSIGN_OR_RETURN(
      auto found,
      all_of(tx,
             sql<"SELECT ", columns,
                 " FROM policy p WHERE p.kind = 'password' AND p.id IN (SELECT policy_id FROM policy_binding)">,
             {}));
  return rules_of(std::move(found));
}

base::Result<std::vector<identity::PasswordPolicy>> list_policies_of_account(Tx& tx, const base::Id& account_id,
                                                                             base::Time now) {
  ASSIGN_OR_RETURN(auto found,
                   all_of(tx,
                          sql<"SELECT ", columns,
                              " FROM (SELECT b.policy_id AS id FROM account a CROSS JOIN policy_binding b "
                              "WHERE a.id = $1 AND b.scope = 'tenant' AND b.scope_id = a.tenant_id UNION ALL "
                              "SELECT b.policy_id FROM group_member m CROSS JOIN policy_binding b "
                              "WHERE m.account_id = $1 AND b.scope = 'group' AND b.scope_id = m.group_id UNION ALL "
                              "SELECT b.policy_id FROM account_context c CROSS JOIN policy_binding b "
                              "WHERE c.account_id = $1 AND c.from_at <= $2 AND (c.until_at IS NULL OR c.until_at > $2) "
                              "AND b.scope = 'context' AND b.scope_id = c.context_id) f "
                              "JOIN policy p ON p.id = f.id WHERE p.kind = 'password'">,
                          {account_id, now}));
  put_in_order(found);
  return rules_of(std::move(found));
}

}  // namespace store
