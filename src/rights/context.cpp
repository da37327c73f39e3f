#include "rights/context.hpp"

#include <algorithm>
#include <array>

namespace rights {
namespace {
constexpr std::array<std::string_view, 3> roles{"user", "account_administrator", "super_administrator"};
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
    case Role::user: return permission == Permission::use_account;
    case Role::account_administrator:
      return permission == Permission::use_account || permission == Permission::manage_accounts ||
             permission == Permission::read_audit;
    case Role::super_administrator: return true;
  }
  return false;
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
