#include "app/help/object_names.hpp"

#include "flow/client/administer_clients.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/password/administer_policies.hpp"
#include "flow/tenant/administer_contexts.hpp"

namespace app {
namespace {

template <class List, class F>
std::vector<std::string> collect(const base::Result<List>& list, F&& name_of) {
  std::vector<std::string> names;
  if (!list) return names;
  for (const auto& one : *list) names.push_back(name_of(one));
  return names;
}

}  // namespace

std::vector<std::string> context_keys(const flow::House& house, const rights::Actor& actor, std::string_view tenant) {
  return collect(flow::list_acting_contexts(house, actor, tenant), [](const auto& context) { return context.key; });
}

std::vector<std::string> group_names(const flow::House& house, const rights::Actor& actor, std::string_view tenant) {
  return collect(flow::list_groups(house, actor, tenant), [](const auto& group) { return group.name; });
}

std::vector<std::string> policy_names(const flow::House& house, const rights::Actor& actor, std::string_view tenant) {
  return collect(flow::list_policies(house, actor, tenant), [](const auto& stored) { return stored.policy.name; });
}

std::vector<std::string> client_ids(const flow::House& house, const rights::Actor& actor) {
  return collect(flow::list_clients(house, actor), [](const auto& client) { return client.client_id; });
}

}  // namespace app
