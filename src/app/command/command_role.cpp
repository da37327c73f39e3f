// role list|show|create|set|delete: roles, which acting contexts name
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_in_tenant.hpp"
#include "app/command/print_answer.hpp"
#include "flow/tenant/administer_roles.hpp"

namespace app {
namespace {

namespace json = boost::json;

json::object json_of(const rights::BuiltInRole& role) {
  return {{"key", role.key}, {"name", ""}, {"built_in", true}, {"permissions", names_of(role.permissions)}};
}

json::object json_of(const rights::OwnRole& role) {
  return {{"key", role.key},
          {"name", role.name},
          {"built_in", false},
          {"permissions", names_of(role.permissions)},
          {"version", role.version}};
}

base::Result<std::vector<json::object>> find_all(const flow::House& house, const std::string& tenant) {
  const Operator by = make_command_operator();
  ASSIGN_OR_RETURN(const auto own, flow::list_own_roles(house, by.actor, tenant));
  std::vector<json::object> all;
  for (const rights::BuiltInRole& role : rights::built_in_roles()) all.push_back(json_of(role));
  for (const rights::OwnRole& role : own) all.push_back(json_of(role));
  return all;
}

int list(const flow::House& house, Console& console, const std::string& tenant) {
  const auto all = find_all(house, tenant);
  if (!all) return refuse(console, all.error());
  ListPrinter printer(console, {"key", "name", "permissions"});
  for (const json::object& role : *all) printer.add(role);
  return printer.finish();
}

int show(const flow::House& house, Console& console, const InTenant& which) {
  const auto all = find_all(house, which.tenant);
  if (!all) return refuse(console, all.error());
  for (const json::object& role : *all) {
    if (role.at("key").as_string() == which.name) return print_object(console, role);
  }
  return refuse(console, {base::Code::not_found, "there is no role " + which.name});
}

int create(const flow::House& house, Console& console, const InTenant& which, const flow::RoleWish& wish) {
  const Operator by = make_command_operator();
  const auto made = flow::create_role(house, by.actor, {which.tenant, which.name}, wish, by.facts);
  if (!made) return refuse(console, made.error());
  return report_change(console, "the role " + which.name + " was created", {{"key", which.name}, {"created", true}});
}

int set(const flow::House& house, Console& console, const InTenant& which, const flow::RoleWish& wish) {
  const Operator by = make_command_operator();
  const auto changed = flow::change_role(house, by.actor, {which.tenant, which.name}, wish, by.facts);
  if (!changed) return refuse(console, changed.error());
  return report_change(console, "the role " + which.name + (*changed ? " was changed" : " is so already"), *changed);
}

int remove(const flow::House& house, Console& console, const InTenant& which) {
  const Operator by = make_command_operator();
  const auto gone = flow::delete_role(house, by.actor, {which.tenant, which.name}, by.facts);
  if (!gone) return refuse(console, gone.error());
  return report_change(console, "the role " + which.name + " was deleted");
}

const Positional role_positional{"ROLE", "its key"};

void add_with_wish(CLI::App& group, Command& chosen, const std::string& name, const std::string& about,
                   int (*run)(const flow::House&, Console&, const InTenant&, const flow::RoleWish&)) {
  auto& command = add_house_command(group, name, about, chosen);
  give_examples(command, {"role " + name + " clerk --name Clerk --permission read_accounts"});
  const auto which = add_in_tenant(command, role_positional);
  auto typed_name = std::make_shared<std::string>();
  auto typed = std::make_shared<std::vector<std::string>>();
  auto* name_option = command.add_option("--name", *typed_name, "name for people");
  auto* permissions = command.add_option("--permission", *typed,
                                         "name of a permission, see docs/operators/rights.md; may be repeated; none: "
                                         "only those of the own account");
  command.callback([&chosen, which, typed_name, typed, name_option, permissions, run] {
    flow::RoleWish wish;
    if (name_option->count() > 0) wish.name = *typed_name;
    if (permissions->count() > 0) {
      const bool is_none = typed->size() == 1 && typed->front() == "none";
      wish.permissions = is_none ? std::vector<std::string>() : *typed;
    }
    chosen.in_house = [which, wish, run](const flow::House& house, Console& console) {
      return run(house, console, *which, wish);
    };
  });
}

}  // namespace

void add_role_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "role", "roles: the permissions that acting contexts give");
  give_examples(add_list_in_tenant(group, "list the built-in roles, then those of the tenant", chosen, list),
                {"role list", "role list --tenant clinic"});
  auto& showing = add_house_command(group, "show", "show a role", chosen);
  complete_in_tenant(showing, role_positional, chosen, show);
  give_examples(showing, {"role show auditor"});
  add_with_wish(group, chosen, "create", "create a role", create);
  add_with_wish(group, chosen, "set", "change a role; what is not named stays", set);
  auto& deleting = add_house_command(group, "delete", "delete a role that no context has", chosen);
  complete_in_tenant(deleting, role_positional, chosen, remove);
  give_examples(deleting, {"role delete clerk"});
}

}  // namespace app
