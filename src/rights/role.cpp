#include "rights/role.hpp"

#include <algorithm>

namespace rights {
namespace {

constexpr std::size_t longest_key = 50;

bool is_small_letter(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_of_key(char c) {
  return is_small_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

const std::array<BuiltInRole, 8>& built_in_roles() {
  static const std::array<BuiltInRole, 8> roles{
      {{role::user, personal_permissions},
       {role::support, personal_permissions.with({Permission::read_accounts, Permission::support_accounts})},
       {role::auditor,
        personal_permissions.with({Permission::read_accounts, Permission::read_audit, Permission::read_settings})},
       {role::application_administrator, personal_permissions.with({Permission::manage_clients})},
       {role::account_administrator,
        personal_permissions.with({Permission::read_accounts, Permission::support_accounts, Permission::manage_accounts,
                                   Permission::read_audit, Permission::manage_messages, Permission::manage_groups})},
       {role::remote_administrator,
        personal_permissions.with({Permission::read_accounts, Permission::read_audit, Permission::manage_systems})},
       {role::local_administrator,
        personal_permissions.with({Permission::read_accounts, Permission::support_accounts, Permission::manage_accounts,
                                   Permission::read_audit, Permission::manage_systems})},
       {role::super_administrator, Permissions::all()}}};
  return roles;
}

std::optional<Permissions> find_built_in(std::string_view key) {
  for (const BuiltInRole& one : built_in_roles()) {
    if (one.key == key) return one.permissions;
  }
  return std::nullopt;
}

base::Result<void> check_own_role(Permissions permissions) {
  if (!permissions.includes(personal_permissions)) {
    return base::fail(base::Code::invalid_input,
                      "permissions: every role has those of the own account; a context can lack them");
  }
  for (const Permission one : installation_permissions.list()) {
    if (!permissions.has(one)) continue;
    return base::fail(base::Code::invalid_input,
                      "permissions: only the role super_administrator has " + std::string(name_of(one)));
  }
  return {};
}

base::Result<void> check_key(std::string_view what, std::string_view key) {
  const bool is_right = !key.empty() && key.size() <= longest_key && is_small_letter(key.front()) &&
                        std::all_of(key.begin(), key.end(), is_of_key);
  if (is_right) return {};
  return base::fail(base::Code::invalid_input,
                    std::string(what) + ": a small letter, then small letters, digits, _ and -, at most 50 in all");
}

}  // namespace rights
