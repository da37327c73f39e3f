#include "app/command/command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>

#include "app/command/command_groups.hpp"
#include "flow/house/make_operator.hpp"

namespace app {
namespace {

std::string default_config_file() {
  const char* const named = std::getenv("CHANCERY_CONFIG");
  return named != nullptr && *named != '\0' ? named : "/etc/chancery/chancery.toml";
}

/// The same option before the name of a command and after it. default_config_file() reads the environment variable,
/// because CLI11 would let the variable of the option after the name override a file that was given before it.
void add_config_option(CLI::App& command, Command& chosen) {
  command.add_option("--config", chosen.config_file, "configuration file; the variable CHANCERY_CONFIG names one too")
      ->capture_default_str();
}

}  // namespace

CLI::App& add_house_command(CLI::App& parent, const std::string& name, const std::string& about, Command& chosen) {
  CLI::App& command = add_lone_command(parent, name, about, chosen);
  command.add_flag("--json", chosen.form.json, "answer in JSON");
  return command;
}

CLI::App& add_lone_command(CLI::App& parent, const std::string& name, const std::string& about, Command& chosen) {
  CLI::App* command = parent.add_subcommand(name, about);
  add_config_option(*command, chosen);
  return *command;
}

CLI::App& add_command_group(CLI::App& root, const std::string& name, const std::string& about) {
  CLI::App* group = root.add_subcommand(name, about);
  group->require_subcommand(1);
  return *group;
}

void add_header_option(CLI::App& command, Command& chosen) {
  command.add_flag("!--no-header", chosen.form.has_header, "without the line that names the columns");
}

CLI::App& add_list_command(CLI::App& group, const std::string& about, Command& chosen,
                           int (*list)(const flow::House&, Console&)) {
  auto& command = add_house_command(group, "list", about, chosen);
  add_header_option(command, chosen);
  command.callback([&chosen, list] { chosen.in_house = list; });
  return command;
}

void complete_with_name(CLI::App& command, const Positional& which, Command& chosen,
                        int (*act)(const flow::House&, Console&, const std::string& which)) {
  auto named = std::make_shared<std::string>();
  command.add_option(which.name, *named, which.about)->required();
  command.callback([&chosen, named, act] {
    chosen.in_house = [named, act](const flow::House& house, Console& console) { return act(house, console, *named); };
  });
}

void refuse_secret_option(CLI::App& command, const std::string& option, const std::string& instead) {
  command
      .add_option_function<std::string>(
          option,
          [option, instead](const std::string&) {
            throw CLI::ValidationError(
                option, "not taken from the arguments, which every process on the machine can read; use " + instead);
          },
          "refused")
      ->group("");
}

Operator make_command_operator() {
  const base::Time now = base::now();
  const std::string request_id = base::Id::make(now).to_string();
  return {flow::make_operator(request_id), {"", "chancery command line", request_id, now}};
}

int refuse(Console& console, const base::Error& error) {
  console.err.append("chancery: ").append(error.reason.empty() ? base::name_of(error.code) : error.reason).append("\n");
  return refused;
}

ParsedLine parse_command_line(const std::vector<std::string>& argv) {
  ParsedLine line;
  Command chosen;
  chosen.config_file = default_config_file();
  CLI::App root("Chancery: the identity server and its command line", "chancery");
  root.require_subcommand(1);
  add_config_option(root, chosen);
  add_server_commands(root, chosen);
  add_account_commands(root, chosen);
  add_client_commands(root, chosen);
  add_key_commands(root, chosen);
  add_audit_commands(root, chosen);
  add_message_commands(root, chosen);
  add_policy_commands(root, chosen);
  add_context_commands(root, chosen);
  add_group_commands(root, chosen);
  add_tenant_commands(root, chosen);
  root.footer("Exit status: 0 done, 1 refused, 2 used wrongly. `chancery COMMAND --help` says more.");
  try {
    root.parse(std::vector<std::string>(argv.rbegin(), argv.rend()));
    line.command = std::move(chosen);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream err;
    line.status = root.exit(error, out, err) == 0 ? done : misused;
    line.out = out.str();
    line.err = err.str();
  }
  return line;
}

}  // namespace app
