// The help of a command, wrapped to 80 columns: what it does, arguments, options, commands below it, examples. Each
// value has one name in all of it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace app {

class HelpPage : public CLI::FormatterBase {
 public:
  /// `name`: all words, "chancery account create".
  std::string make_help(const CLI::App* command, std::string name, CLI::AppFormatMode mode) const override;
};

/// All words of a command: "chancery account create".
std::string full_name(const CLI::App& command);
/// The commands below, in their order.
std::vector<const CLI::App*> commands_below(const CLI::App& command);
/// Options that a person types, without the common ones (--config, --json, --help …), and those.
std::vector<const CLI::Option*> own_options(const CLI::App& command);
std::vector<const CLI::Option*> common_options(const CLI::App& command);
std::vector<const CLI::Option*> arguments_of(const CLI::App& command);
/// "--given, --given-name TEXT" of an option, "ACCOUNT" of an argument, "[RULE=VALUE]..." as it stands in the usage.
std::string spell_option(const CLI::Option& option);
/// False for a flag.
bool takes_value(const CLI::Option& option);
std::string spell_argument(const CLI::Option& argument);
/// What an option or argument is for, with its default.
std::string describe_option(const CLI::Option& option);
/// Usage without the word "Usage".
std::string usage_of(const CLI::App& command);
/// The lines that give_examples() has stored.
std::vector<std::string> examples_of(const CLI::App& command);

/// Examples stand at the end of the help, each a command line without the first word "chancery". Every command has
/// some.
void give_examples(CLI::App& command, const std::vector<std::string>& examples);

/// The name of the group of options that every command has.
inline constexpr const char* common_group = "Common options";

}  // namespace app
