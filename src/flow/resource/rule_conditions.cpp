#include "flow/resource/rule_conditions.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "flow/group/administer_groups.hpp"
#include "rights/role.hpp"
#include "store/account/contexts.hpp"
#include "store/group/groups.hpp"
#include "store/oauth/clients.hpp"

namespace flow {
namespace {

tl::unexpected<base::Error> refuse(std::string_view condition, std::string_view why) {
  return base::fail(base::Code::invalid_input, "rule: \"" + std::string(condition) + "\" " + std::string(why));
}

template <class T>
void add_once(std::vector<T>& list, T value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(std::move(value));
}

base::Result<std::string> find_context_key(store::Tx& tx, const rights::ResourceServer& server, std::string_view key) {
  const std::string condition = "context:" + std::string(key);
  if (!rights::check_key("context", key)) return refuse(condition, "is no context");
  ASSIGN_OR_RETURN(const auto context, store::find_context_by_key(tx, server.tenant_id, key));
  if (!context && !server.for_tenants_below) return refuse(condition, "names no context of the organisation");
  return std::string(key);
}

base::Result<base::Id> find_group_id(store::Tx& tx, const rights::ResourceServer& server, std::string_view named) {
  // The name of one that was deleted.
  if (const auto id = base::Id::parse(named)) return *id;
  const auto group = find_group_of(tx, server.tenant_id, named);
  if (group) return group->id;
  if (group.error().code != base::Code::not_found) return tl::unexpected(group.error());
  return refuse("group:" + std::string(named), "names no group of the organisation");
}

base::Result<base::Id> find_client_id(store::Tx& tx, const rights::Actor& actor, std::string_view named) {
  if (const auto id = base::Id::parse(named)) return *id;
  ASSIGN_OR_RETURN(const auto client, store::find_client(tx, named));
  if (client && rights::is_client_id(client->client_id) && actor.reaches(client->tenant_id)) return client->id;
  return refuse("client:" + std::string(named), "names no application");
}

template <class T, class F>
void print_each(Conditions& conditions, std::string_view sort, const std::vector<T>& values, const F& print) {
  for (const T& value : values) conditions.push_back(std::string(sort) + ":" + std::string(print(value)));
}

std::string name_in(const std::map<base::Id, std::string>& names, const base::Id& id) {
  const auto found = names.find(id);
  return found == names.end() ? id.to_string() : found->second;
}

}  // namespace

base::Result<rights::AccessRule> read_conditions(store::Tx& tx, const rights::Actor& actor,
                                                 const rights::ResourceServer& server, const Conditions& conditions) {
  rights::AccessRule rule;
  for (const std::string& condition : conditions) {
    const std::size_t colon = condition.find(':');
    const std::string_view sort = std::string_view(condition).substr(0, colon);
    const std::string_view value =
        colon == std::string::npos ? std::string_view() : std::string_view(condition).substr(colon + 1);
    if (condition == "all") {
      rule.is_for_all = true;
    } else if (sort == "kind") {
      const auto kind = identity::parse_account_kind(value);
      if (!kind) return refuse(condition, "is no kind of account");
      add_once(rule.account_kinds, *kind);
    } else if (sort == "context") {
      ASSIGN_OR_RETURN(std::string key, find_context_key(tx, server, value));
      add_once(rule.contexts, std::move(key));
    } else if (sort == "group") {
      ASSIGN_OR_RETURN(const base::Id id, find_group_id(tx, server, value));
      add_once(rule.groups, id);
    } else if (sort == "client") {
      ASSIGN_OR_RETURN(const base::Id id, find_client_id(tx, actor, value));
      add_once(rule.clients, id);
    } else {
      return refuse(condition, "begins with none of all, kind:, context:, group:, client:");
    }
  }
  return rule;
}

Conditions print_conditions(const rights::AccessRule& rule, const RuleNames& names) {
  Conditions conditions;
  if (rule.is_for_all) conditions.emplace_back("all");
  print_each(conditions, "kind", rule.account_kinds,
             [](identity::AccountKind kind) { return identity::name_of(kind); });
  print_each(conditions, "context", rule.contexts, [](const std::string& key) { return key; });
  print_each(conditions, "group", rule.groups, [&](const base::Id& id) { return name_in(names.groups, id); });
  print_each(conditions, "client", rule.clients, [&](const base::Id& id) { return name_in(names.clients, id); });
  return conditions;
}

base::Result<RuleNames> find_rule_names(store::Tx& tx, const rights::ResourceServer& server) {
  RuleNames names;
  for (const rights::ResourceItem& item : server.items) {
    for (const base::Id& id : item.rule.groups) {
      ASSIGN_OR_RETURN(const auto group, store::find_group(tx, id));
      if (group) names.groups.emplace(id, group->shown);
    }
    for (const base::Id& id : item.rule.clients) {
      ASSIGN_OR_RETURN(const auto client, store::find_client(tx, id));
      if (client && rights::is_client_id(client->client_id)) names.clients.emplace(id, client->client_id);
    }
  }
  return names;
}

}  // namespace flow
