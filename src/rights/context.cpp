#include "rights/context.hpp"

#include <algorithm>

namespace rights {

Permissions granted(const ActingContext& context) {
  return context.of_role.without(context.lacks);
}

bool allows(const ActingContext& context, Permission permission) {
  return granted(context).has(permission);
}

base::Result<Permission> parse_lacking(std::string_view name) {
  const auto permission = parse_permission(name);
  if (permission && lackable_permissions.has(*permission)) return *permission;
  return base::fail(base::Code::invalid_input, "no context can lack: " + std::string(name));
}

bool is_inside(const ActingContext& context, std::string_view ip) {
  if (context.networks.empty()) return true;
  const auto address = base::IpAddress::parse(ip);
  return address && std::any_of(context.networks.begin(), context.networks.end(),
                                [&](const base::IpNetwork& network) { return network.contains(*address); });
}

bool is_proven(const ActingContext& context, const Proofs& proofs) {
  const auto is_proven_by = [&](const std::string& method) { return method == proofs.first_method(); };
  const bool by_method =
      context.methods.empty() || std::any_of(context.methods.begin(), context.methods.end(), is_proven_by);
  return !proofs.empty() && by_method && proofs.level() >= context.level;
}

bool is_offered(const ActingContext& context, const LoginFacts& login) {
  return is_proven(context, login.proofs) && is_inside(context, login.login_ip) && is_inside(context, login.request_ip);
}

std::vector<ActingContext> find_offered(const std::vector<ActingContext>& all, const LoginFacts& login) {
  std::vector<ActingContext> offered;
  for (const ActingContext& context : all) {
    if (is_offered(context, login)) offered.push_back(context);
  }
  return offered;
}

}  // namespace rights
