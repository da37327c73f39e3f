#include "rights/permission.hpp"

#include <algorithm>
#include <array>

namespace rights {
namespace {
// In the order of Permission.
constexpr std::array<std::string_view, 23> names{
    "use_account",    "own_data",           "own_password",       "own_suspension",  "own_deletion",
    "sign",           "read_accounts",      "support_accounts",   "manage_accounts", "act_for_others",
    "read_audit",     "manage_messages",    "manage_groups",      "manage_contexts", "manage_policies",
    "manage_clients", "manage_systems",     "manage_credentials", "manage_tenants",  "read_settings",
    "manage_keys",    "manage_authorities", "administer_all"};
static_assert(names.size() == static_cast<std::size_t>(Permission::administer_all) + 1);
}  // namespace

Permissions Permissions::all() {
  Permissions all;
  for (std::size_t i = 0; i < names.size(); ++i) all.add(static_cast<Permission>(i));
  return all;
}

std::vector<Permission> Permissions::list() const {
  std::vector<Permission> list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (has(static_cast<Permission>(i))) list.push_back(static_cast<Permission>(i));
  }
  return list;
}

std::string_view name_of(Permission permission) {
  return names.at(static_cast<std::size_t>(permission));
}

base::Result<Permission> parse_permission(std::string_view name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return base::fail(base::Code::invalid_input, "no such permission: " + std::string(name));
  return static_cast<Permission>(found - names.begin());
}

std::string to_words(Permissions permissions) {
  std::string words;
  for (const Permission one : permissions.list()) words.append(words.empty() ? "" : " ").append(name_of(one));
  return words;
}

base::Result<Permissions> parse_permissions(std::string_view words) {
  Permissions permissions;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (end > 0) {
      ASSIGN_OR_RETURN(const Permission one, parse_permission(words.substr(0, end)));
      permissions.add(one);
    }
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return permissions;
}

}  // namespace rights
