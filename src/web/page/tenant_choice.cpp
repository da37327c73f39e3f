#include "web/page/tenant_choice.hpp"

#include "flow/house/find_tenant.hpp"

namespace web {
namespace {

/// More are no choice to look through: the key is typed.
constexpr std::size_t most_listed = 200;

}  // namespace

base::Result<void> add_tenant_choice(View& view, const Visit& visit, const std::string& chosen, std::string_view none) {
  const rights::Actor& actor = *visit.visitor.actor;
  ASSIGN_OR_RETURN(const auto tenants, flow::list_tenant_names(visit.house, actor));
  std::vector<flow::TenantName> deleted;
  if (!none.empty()) {
    ASSIGN_OR_RETURN(deleted, flow::list_deleted_tenants(visit.house, actor));
  }
  if (tenants.size() + deleted.size() < 2) return {};
  View& choice = view.add("tenant_choice");
  if (tenants.size() + deleted.size() > most_listed) {
    choice.text("tenant_key", chosen).flag("typed");
    return {};
  }
  choice.flag("listed");
  const bool has_none = !none.empty() && actor.may(rights::Permission::administer_all);
  if (has_none) choice.add("tenants").text("tenant_key", "").text("tenant_name", visit.say(none));
  for (const flow::TenantName& tenant : tenants) {
    const bool is_chosen = chosen.empty() ? tenant.is_own && !has_none : tenant.key == chosen;
    choice.add("tenants")
        .text("tenant_key", tenant.key)
        .text("tenant_name", tenant.name)
        .flag("tenant_chosen", is_chosen);
  }
  for (const flow::TenantName& tenant : deleted) {
    choice.add("tenants")
        .text("tenant_key", tenant.key)
        .text("tenant_name", visit.say("tenant.deleted", {{"name", tenant.name}}))
        .flag("tenant_chosen", tenant.key == chosen);
  }
  return {};
}

}  // namespace web
