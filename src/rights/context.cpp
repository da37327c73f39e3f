#include "rights/context.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rights {
namespace {
constexpr std::array<std::string_view, 3> roles{"user", "account_administrator", "super_administrator"};
constexpr std::array<std::pair<Permission, std::string_view>, 4> may_be_lacking{
    {{Permission::own_data, "own_data"},
     {Permission::own_password, "own_password"},
     {Permission::own_suspension, "own_suspension"},
     {Permission::own_deletion, "own_deletion"}}};

bool is_of_everyone(Permission permission) {
  return permission == Permission::use_account || !name_of_lacking(permission).empty();
}
}  // namespace

std::string_view name_of(Permission permission) {
  switch (permission) {
    case Permission::use_account: return "use_account";
    case Permission::own_data: return "own_data";
    case Permission::own_password: return "own_password";
    case Permission::own_suspension: return "own_suspension";
    case Permission::own_deletion: return "own_deletion";
    case Permission::manage_accounts: return "manage_accounts";
    case Permission::read_audit: return "read_audit";
    case Permission::manage_clients: return "manage_clients";
    case Permission::administer_all: return "administer_all";
  }
  return "unknown";
}

std::string_view name_of(Role role) {
  return roles.at(static_cast<std::size_t>(role));
}

base::Result<Role> parse_role(std::string_view name) {
  for (std::size_t i = 0; i < roles.size(); ++i) {
    if (roles.at(i) == name) return static_cast<Role>(i);
  }
  return base::fail(base::Code::invalid_input, "no such role: " + std::string(name));
}

bool has(Role role, Permission permission) {
  switch (role) {
    case Role::user: return is_of_everyone(permission);
    case Role::account_administrator:
      return is_of_everyone(permission) || permission == Permission::manage_accounts ||
             permission == Permission::read_audit;
    case Role::super_administrator: return true;
  }
  return false;
}

base::Result<Permission> parse_lacking(std::string_view name) {
  for (const auto& [permission, its_name] : may_be_lacking) {
    if (its_name == name) return permission;
  }
  return base::fail(base::Code::invalid_input, "no context can lack: " + std::string(name));
}

std::string_view name_of_lacking(Permission permission) {
  for (const auto& [one, name] : may_be_lacking) {
    if (one == permission) return name;
  }
  return {};
}

bool allows(const ActingContext& context, Permission permission) {
  return has(context.role, permission) &&
         std::find(context.lacks.begin(), context.lacks.end(), permission) == context.lacks.end();
}

bool is_offered(const ActingContext& context, const Proofs& proofs) {
  const auto is_proven_by = [&](const std::string& method) { return method == proofs.first_method(); };
  const bool by_method =
      context.methods.empty() || std::any_of(context.methods.begin(), context.methods.end(), is_proven_by);
  return !proofs.empty() && by_method && proofs.level() >= context.level;
}

std::vector<ActingContext> find_offered(const std::vector<ActingContext>& all, const Proofs& proofs) {
  std::vector<ActingContext> offered;
  for (const ActingContext& context : all) {
    if (is_offered(context, proofs)) offered.push_back(context);
  }
  return offered;
}

}  // namespace rights
