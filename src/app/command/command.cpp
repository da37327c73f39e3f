#include "app/command/command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <sstream>

#include "app/command/command_groups.hpp"
#include "app/help/command_reference.hpp"
#include "app/help/completion.hpp"
#include "app/help/explain_mistake.hpp"
#include "app/help/help_page.hpp"
#include "flow/house/make_operator.hpp"

namespace app {
namespace {

/// The same option before the name of a command and after it. find_config() reads the environment variable, because
/// CLI11 would let the variable of the option after the name override a file that was given before it.
void add_config_option(CLI::App& command, Command& chosen) {
  command
      .add_option("--config", chosen.config_file,
                  "configuration file; otherwise that of CHANCERY_CONFIG or /etc/chancery/chancery.toml")
      ->type_name("FILE")
      ->group(common_group);
}

void add_all_commands(CLI::App& root, Command& chosen) {
  add_server_commands(root, chosen);
  add_doctor_command(root, chosen);
  add_top_command(root, chosen);
  add_account_commands(root, chosen);
  add_client_commands(root, chosen);
  add_resource_commands(root, chosen);
  add_key_commands(root, chosen);
  add_token_commands(root, chosen);
  add_audit_commands(root, chosen);
  add_message_commands(root, chosen);
  add_outbox_commands(root, chosen);
  add_policy_commands(root, chosen);
  add_context_commands(root, chosen);
  add_role_commands(root, chosen);
  add_group_commands(root, chosen);
  add_tenant_commands(root, chosen);
  add_system_commands(root, chosen);
  add_authority_commands(root, chosen);
  add_credential_commands(root, chosen);
  add_timestamp_commands(root, chosen);
  add_sign_commands(root, chosen);
  add_verify_commands(root, chosen);
  add_backup_commands(root, chosen);
  add_dump_commands(root, chosen);
}

/// Commands that print something about the commands.
struct AboutCommands {
  const CLI::App* help = nullptr;
  const CLI::App* completion = nullptr;
  std::vector<std::string> words;
  bool is_reference = false;
  std::string shell;
};

void add_commands_about(CLI::App& root, AboutCommands& about) {
  CLI::App* const help = root.add_subcommand("help", "print the help of a command");
  help->add_option("COMMAND", about.words, "words of the command, for example: account create");
  help->add_flag("--print-reference", about.is_reference, "print the page of all commands instead");
  give_examples(*help, {"help", "help account create"});
  CLI::App* const completion =
      root.add_subcommand("completion", "print the script that completes commands and options in a shell");
  completion->add_option("SHELL", about.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  give_examples(*completion, {"completion bash", "completion zsh", "completion fish"});
  about.help = help;
  about.completion = completion;
}

/// Throws what the parser throws if there is no such command.
std::string find_help(const CLI::App& root, const std::vector<std::string>& words) {
  const CLI::App* at = &root;
  for (const std::string& word : words) {
    const auto below = commands_below(*at);
    const auto found =
        std::find_if(below.begin(), below.end(), [&](const CLI::App* one) { return one->get_name() == word; });
    if (found == below.end()) throw CLI::ExtrasError({word});
    at = *found;
  }
  return HelpPage().make_help(at, "", CLI::AppFormatMode::Normal);
}

}  // namespace

CLI::App& add_house_command(CLI::App& parent, const std::string& name, const std::string& about, Command& chosen) {
  CLI::App& command = add_lone_command(parent, name, about, chosen);
  command.add_flag("--json", chosen.form.json, "answer in JSON")->group(common_group);
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
  command.add_flag("!--no-header", chosen.form.has_header, "without the line that names the columns")
      ->group(common_group);
}

CLI::App& add_list_command(CLI::App& group, const std::string& about, Command& chosen,
                           int (*list)(const flow::House&, Console&)) {
  auto& command = add_house_command(group, "list", about, chosen);
  add_header_option(command, chosen);
  command.callback([&chosen, list] { chosen.in_house = list; });
  return command;
}

CLI::App& complete_with_name(CLI::App& command, const Positional& which, Command& chosen,
                             int (*act)(const flow::House&, Console&, const std::string& which)) {
  auto named = std::make_shared<std::string>();
  command.add_option(which.name, *named, which.about)->required();
  command.callback([&chosen, named, act] {
    chosen.in_house = [named, act](const flow::House& house, Console& console) { return act(house, console, *named); };
  });
  return command;
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

int refuse_unknown(Console& console, const base::Error& error, const std::string& typed,
                   const std::vector<std::string>& known) {
  base::Error told = error;
  if (told.code == base::Code::not_found && told.reason.ends_with(typed)) told.reason += suggest_name(typed, known);
  return refuse(console, told);
}

ParsedLine parse_command_line(const std::vector<std::string>& argv) {
  ParsedLine line;
  Command chosen;
  CLI::App root("Chancery: the identity server and its command line", "chancery");
  root.formatter(std::make_shared<HelpPage>());
  root.set_help_flag("-h,--help", "print this help");
  root.require_subcommand(1);
  add_config_option(root, chosen);
  AboutCommands about;
  add_all_commands(root, chosen);
  add_commands_about(root, about);
  root.footer(
      "Configuration: the file that --config names, or the variable CHANCERY_CONFIG; otherwise "
      "/etc/chancery/chancery.toml, otherwise that of your running demonstration. The last two are used only if nobody "
      "else can change them.\n"
      "Exit status: 0 done, 1 refused, 2 used wrongly.");
  try {
    root.parse(std::vector<std::string>(argv.rbegin(), argv.rend()));
    if (about.completion->parsed()) {
      line.out = print_completion(root, about.shell);
    } else if (about.help->parsed()) {
      line.out = about.is_reference ? print_command_reference(root) : find_help(root, about.words);
    } else {
      line.command = std::move(chosen);
    }
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) {
      line.status = misused;
      line.err = explain_mistake(root, about.help->parsed() && !about.words.empty() ? about.words : argv, error);
    } else {
      std::ostringstream out;
      root.exit(error, out, out);
      line.out = out.str();
    }
  }
  return line;
}

}  // namespace app
