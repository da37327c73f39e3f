// Commands on something of one tenant: contexts, roles, groups, policies.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>

#include "app/command/command_groups.hpp"
#include "rights/permission.hpp"

namespace app {

/// What a command works on.
struct InTenant {
  std::string tenant;  // as in flow::find_managed_tenant
  std::string name;
};
/// The option --tenant; the value is filled in by parsing.
std::shared_ptr<std::string> add_tenant_option(CLI::App& command);
/// The positional argument and --tenant; both are filled in by parsing.
std::shared_ptr<InTenant> add_in_tenant(CLI::App& command, const Positional& which);
/// Completes a command that has nothing but these two.
void complete_in_tenant(CLI::App& command, const Positional& which, Command& chosen,
                        int (*act)(const flow::House&, Console&, const InTenant& which));
/// The command `list` of a group, with --tenant.
CLI::App& add_list_in_tenant(CLI::App& group, const std::string& about, Command& chosen,
                             int (*list)(const flow::House&, Console&, const std::string& tenant));

boost::json::array names_of(rights::Permissions permissions);

}  // namespace app
