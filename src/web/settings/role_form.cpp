#include "web/settings/role_form.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "base/bytes.hpp"
#include "web/settings/context_form.hpp"

namespace web {
namespace {

using rights::Permission;

struct PermissionGroup {
  std::string_view key;
  rights::Permissions permissions;
};
const std::array<PermissionGroup, 3>& permission_groups() {
  static const std::array<PermissionGroup, 3> groups{{
      {"role.group.people",
       {Permission::read_accounts, Permission::support_accounts, Permission::manage_accounts,
        Permission::act_for_others, Permission::manage_groups}},
      {"role.group.watch", {Permission::read_audit, Permission::manage_messages, Permission::read_settings}},
      {"role.group.set_up",
       {Permission::manage_contexts, Permission::manage_policies, Permission::manage_clients,
        Permission::manage_systems, Permission::manage_credentials, Permission::manage_tenants}},
  }};
  return groups;
}

std::vector<std::string> names_of(rights::Permissions permissions) {
  std::vector<std::string> names;
  for (const Permission one : permissions.list()) names.emplace_back(rights::name_of(one));
  return names;
}

}  // namespace

ShownRole show_stored(const rights::OwnRole& role) {
  return {role.key, role.name, names_of(role.permissions.without(rights::personal_permissions))};
}

ShownRole read_role_form(const http::Form& form) {
  ShownRole shown{form.get("key"), form.get("name"), {}};
  for (const PermissionGroup& group : permission_groups()) {
    for (const std::string& name : names_of(group.permissions)) {
      if (form.has("permission:" + name)) shown.permissions.push_back(name);
    }
  }
  return shown;
}

flow::RoleWish make_wish(const ShownRole& shown) {
  return {.name = shown.name, .permissions = shown.permissions};
}

void add_role_fields(View& view, const Visit& visit, const ShownRole& shown, const std::vector<std::string>& flaws) {
  view.text("key", shown.key).text("typed_name", shown.name);
  for (const PermissionGroup& group : permission_groups()) {
    View& section = view.add("permission_groups");
    section.text("group_label", visit.say(group.key));
    for (const Permission one : group.permissions.list()) {
      const std::string name(rights::name_of(one));
      View& item = section.add("permissions");
      item.text("box_name", "permission:" + name).text("box_label", visit.say("permission." + name));
      item.text("box_about", visit.say("permission." + name + ".text"));
      item.flag("box_checked",
                std::find(shown.permissions.begin(), shown.permissions.end(), name) != shown.permissions.end());
      item.flag("box_lacking", !visit.visitor.actor->may(one));
    }
  }
  for (const std::string& field : flaws) {
    View& item = view.add("flaws");
    item.text("href", "#" + (field == "taken" ? std::string("key") : field))
        .text("sentence", visit.say("role.flaw." + field));
  }
  view.flag("flawed", !flaws.empty());
  view.flag("flaw_name", std::find(flaws.begin(), flaws.end(), "name") != flaws.end());
  view.flag("flaw_key", std::find(flaws.begin(), flaws.end(), "key") != flaws.end());
}

std::vector<std::pair<std::string_view, std::string>> print_fields(const Visit& visit, const ShownRole& shown) {
  std::vector<std::string> names;
  for (const std::string& one : shown.permissions) names.push_back(visit.say("permission." + one));
  return {{"name", shown.name}, {"permissions", base::join(names, ", ")}};
}

}  // namespace web
