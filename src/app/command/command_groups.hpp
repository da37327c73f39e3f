// The groups of commands, one source file each, and what they share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/command/command.hpp"
#include "app/help/help_page.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace CLI {
class App;
}

namespace rights {
struct Client;
}

namespace app {

void add_server_commands(CLI::App& root, Command& chosen);
void add_doctor_command(CLI::App& root, Command& chosen);
void add_top_command(CLI::App& root, Command& chosen);
void add_account_commands(CLI::App& root, Command& chosen);
void add_client_commands(CLI::App& root, Command& chosen);
/// Reports registered values that the server does not support yet.
void warn(Console& console, const rights::Client& client);
/// The commands of the group `client` that change one.
void add_client_changes(CLI::App& group, Command& chosen);
void add_key_commands(CLI::App& root, Command& chosen);
void add_token_commands(CLI::App& root, Command& chosen);
/// account show|set|delete
void add_account_changes(CLI::App& group, Command& chosen);
/// account context add|remove|list
void add_account_contexts(CLI::App& group, Command& chosen);
void add_account_sessions(CLI::App& group, Command& chosen);
/// account bulk
void add_account_bulk(CLI::App& group, Command& chosen);
void add_audit_commands(CLI::App& root, Command& chosen);
void add_message_commands(CLI::App& root, Command& chosen);
void add_outbox_commands(CLI::App& root, Command& chosen);
void add_policy_commands(CLI::App& root, Command& chosen);
void add_context_commands(CLI::App& root, Command& chosen);
void add_role_commands(CLI::App& root, Command& chosen);
void add_group_commands(CLI::App& root, Command& chosen);
void add_resource_commands(CLI::App& root, Command& chosen);
void add_tenant_commands(CLI::App& root, Command& chosen);
void add_system_commands(CLI::App& root, Command& chosen);
void add_authority_commands(CLI::App& root, Command& chosen);
void add_credential_commands(CLI::App& root, Command& chosen);
void add_timestamp_commands(CLI::App& root, Command& chosen);
void add_sign_commands(CLI::App& root, Command& chosen);
/// verify, check-policy
void add_verify_commands(CLI::App& root, Command& chosen);
/// backup, restore
void add_backup_commands(CLI::App& root, Command& chosen);
/// dump, load
void add_dump_commands(CLI::App& root, Command& chosen);

/// A command that works on the installation: with --config and --json (Console::form). The result is owned by `parent`.
CLI::App& add_house_command(CLI::App& parent, const std::string& name, const std::string& about, Command& chosen);
/// A command that does everything itself (Command::alone): with --config.
CLI::App& add_lone_command(CLI::App& parent, const std::string& name, const std::string& about, Command& chosen);
/// A group of commands: `account` of `account list`. Owned by `root`.
CLI::App& add_command_group(CLI::App& root, const std::string& name, const std::string& about);
/// The refusal. If it says that `typed` was not found, and that is none of the known names, it suggests the nearest
/// one.
int refuse_unknown(Console& console, const base::Error& error, const std::string& typed,
                   const std::vector<std::string>& known);
/// The option of commands that print a list.
void add_header_option(CLI::App& command, Command& chosen);
/// The command `list` of a group.
CLI::App& add_list_command(CLI::App& group, const std::string& about, Command& chosen,
                           int (*list)(const flow::House&, Console&));
/// What a command works on: its positional argument.
struct Positional {
  std::string name;  // "ACCOUNT"
  std::string about;
};
inline const Positional account_positional{"ACCOUNT", "login, e-mail address or id"};
/// Completes a command that has one positional argument and nothing else: it shows one thing, or changes it.
CLI::App& complete_with_name(CLI::App& command, const Positional& which, Command& chosen,
                             int (*act)(const flow::House&, Console&, const std::string& which));
/// Options that would show a secret to every process are parsed, so that the refusal can say what to do instead.
void refuse_secret_option(CLI::App& command, const std::string& option, const std::string& instead);

/// The operator, and the facts of a command for the audit log.
struct Operator {
  rights::Actor actor;
  flow::RequestFacts facts;
};
Operator make_command_operator();

}  // namespace app
