#include "app/command/command_in_tenant.hpp"

#include <CLI/CLI.hpp>

namespace app {
namespace {

void add_option(CLI::App& command, std::string& tenant) {
  command.add_option("--tenant", tenant, "key or id of the tenant; without it the first one");
}

}  // namespace

std::shared_ptr<std::string> add_tenant_option(CLI::App& command) {
  auto tenant = std::make_shared<std::string>();
  add_option(command, *tenant);
  return tenant;
}

std::shared_ptr<InTenant> add_in_tenant(CLI::App& command, const Positional& which) {
  auto typed = std::make_shared<InTenant>();
  command.add_option(which.name, typed->name, which.about)->required();
  add_option(command, typed->tenant);
  return typed;
}

void complete_in_tenant(CLI::App& command, const Positional& which, Command& chosen,
                        int (*act)(const flow::House&, Console&, const InTenant& which)) {
  const auto typed = add_in_tenant(command, which);
  command.callback([&chosen, typed, act] {
    chosen.in_house = [typed, act](const flow::House& house, Console& console) { return act(house, console, *typed); };
  });
}

CLI::App& add_list_in_tenant(CLI::App& group, const std::string& about, Command& chosen,
                             int (*list)(const flow::House&, Console&, const std::string& tenant)) {
  CLI::App& command = add_house_command(group, "list", about, chosen);
  add_header_option(command, chosen);
  const auto tenant = add_tenant_option(command);
  command.callback([&chosen, tenant, list] {
    chosen.in_house = [tenant, list](const flow::House& house, Console& console) {
      return list(house, console, *tenant);
    };
  });
  return command;
}

boost::json::array names_of(rights::Permissions permissions) {
  boost::json::array names;
  for (const rights::Permission one : permissions.list()) names.emplace_back(rights::name_of(one));
  return names;
}

}  // namespace app
