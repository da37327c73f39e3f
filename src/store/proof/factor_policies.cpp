#include "store/proof/factor_policies.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <tuple>

#include "store/driver/sql.hpp"

namespace store {
namespace {

namespace json = boost::json;

std::string to_spec(const rights::FactorPolicy& policy) {
  json::object spec;
  for (const auto& [rule, value] : rights::to_map(policy)) {
    // A program of an earlier version does not know this rule, and refuses every login under a policy that has it.
    if (rule == "enrol_methods" && value.empty()) continue;
    spec[rule] = value;
  }
  return json::serialize(spec);
}

base::Result<rights::FactorPolicy> parse_spec(std::string_view spec) {
  const auto unreadable = [](std::string_view why) {
    return base::fail(base::Code::internal, "a policy of second factors is not readable: " + std::string(why));
  };
  json::error_code error;
  const json::value value = json::parse(spec, error);
  if (error || !value.is_object()) return unreadable("no object");
  std::map<std::string, std::string> rules;
  for (const auto& [rule, one] : value.get_object()) {
    if (!one.is_string()) return unreadable(rule);
    rules.emplace(rule, std::string(one.get_string()));
  }
  auto policy = rights::change_policy({}, rules);
  if (!policy) return unreadable(policy.error().reason);
  return policy;
}

// Read at every login and token; a parsed policy is cached by its text, so that a changed one is never served from the
// cache. Each thread has its own cache, so that it needs no lock.
base::Result<rights::FactorPolicy> read_spec(std::string_view spec, std::int64_t version) {
  constexpr std::size_t most = 32;
  thread_local std::map<std::string, rights::FactorPolicy, std::less<>> known;
  auto found = known.find(spec);
  if (found == known.end()) {
    ASSIGN_OR_RETURN(rights::FactorPolicy policy, parse_spec(spec));
    if (known.size() >= most) known.clear();
    found = known.emplace(spec, std::move(policy)).first;
  }
  rights::FactorPolicy policy = found->second;
  policy.version = version;
  return policy;
}

constexpr SqlPart columns = "p.id, p.tenant_id, p.spec, p.version";

base::Result<std::vector<StoredFactorPolicy>> all_of(Tx& tx, Sql sql, std::initializer_list<Param> params) {
  std::vector<StoredFactorPolicy> found;
  std::optional<base::Error> failure;
  RETURN_IF_ERROR(tx.query(sql, params, [&](const Row& row) {
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
  }));
  if (failure) return tl::unexpected<base::Error>(*failure);
  return found;
}

// By name, each once. It is done here because every login and token asks several times, and SQLite would make tables of
// its own for UNION and ORDER BY, which take longer than the rest of the statement (docs/decisions/0100).
void put_in_order(std::vector<StoredFactorPolicy>& policies) {
  const auto place = [](const StoredFactorPolicy& one) { return std::tie(one.policy.name, one.id); };
  std::sort(policies.begin(), policies.end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
  const auto is_same = [](const auto& a, const auto& b) { return a.id == b.id; };
  policies.erase(std::unique(policies.begin(), policies.end(), is_same), policies.end());
}

}  // namespace

base::Result<std::vector<rights::FactorPolicy>> list_factor_policies_of_account(Tx& tx, const base::Id& account_id) {
  return tx.keep("factor policies", account_id.bytes(), [&]() -> base::Result<std::vector<rights::FactorPolicy>> {
    ASSIGN_OR_RETURN(auto stored,
                     all_of(tx,
                            sql<"SELECT ", columns,
                                " FROM (SELECT b.policy_id AS id FROM account a CROSS JOIN policy_binding b "
                                "WHERE a.id = $1 AND b.scope = 'tenant' AND b.scope_id = a.tenant_id UNION ALL "
                                "SELECT b.policy_id FROM group_member m CROSS JOIN policy_binding b "
                                "WHERE m.account_id = $1 AND b.scope = 'group' AND b.scope_id = m.group_id) f "
                                "JOIN policy p ON p.id = f.id WHERE p.kind = 'second_factor'">,
                            {account_id}));
    put_in_order(stored);
    std::vector<rights::FactorPolicy> policies;
    policies.reserve(stored.size());
    for (StoredFactorPolicy& one : stored) policies.push_back(std::move(one.policy));
    return policies;
  });
}

base::Result<std::optional<StoredFactorPolicy>> find_factor_policy(Tx& tx, const base::Id& tenant_id,
                                                                   std::string_view name) {
  ASSIGN_OR_RETURN(
      auto found,
      all_of(
          tx,
          sql<"SELECT ", columns, " FROM policy p WHERE p.tenant_id = $1 AND p.kind = 'second_factor' AND p.name = $2">,
          {tenant_id, name}));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

base::Result<void> insert_factor_policy(Tx& tx, const StoredFactorPolicy& policy, base::Time now) {
  ASSIGN_OR_RETURN(
      const std::int64_t added,
      tx.run("INSERT INTO policy(id, tenant_id, kind, name, spec, version, changed_at) "
             "VALUES ($1, $2, 'second_factor', $3, $4, $5, $6) ON CONFLICT DO NOTHING",
             {policy.id, policy.tenant_id, policy.policy.name, to_spec(policy.policy), policy.policy.version, now}));
  if (added == 0) return base::fail(base::Code::already_exists, "the policy " + policy.policy.name + " exists");
  return {};
}

base::Result<void> update_factor_policy(Tx& tx, const base::Id& id, const rights::FactorPolicy& policy,
                                        base::Time now) {
  return expect_changed(tx.run("UPDATE policy SET name = $2, spec = $3, version = version + 1, changed_at = $4 "
                               "WHERE id = $1 AND kind = 'second_factor'",
                               {id, policy.name, to_spec(policy), now}),
                        "the policy");
}

base::Result<bool> is_factor_policy(Tx& tx, const base::Id& id) {
  ASSIGN_OR_RETURN(const auto found,
                   tx.find_one("SELECT 1 FROM policy WHERE id = $1 AND kind = 'second_factor'", {id}, read_integer));
  return found.has_value();
}

base::Result<BoundTo> find_bindings(Tx& tx, const StoredFactorPolicy& policy) {
  BoundTo bound;
  RETURN_IF_ERROR(tx.query("SELECT scope, scope_id FROM policy_binding WHERE policy_id = $1 ORDER BY scope, scope_id",
                           {policy.id}, [&](const Row& row) {
                             Fields field(row);
                             const std::string_view scope = field.view();
                             const base::Id id = field.id();
                             if (scope == "tenant" && id == policy.tenant_id) bound.is_tenant = true;
                             if (scope == "group") bound.groups.push_back(id);
                           }));
  return bound;
}

}  // namespace store
