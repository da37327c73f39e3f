#include "app/help/completion_fish.hpp"

#include <string_view>

#include "app/help/help_page.hpp"

namespace app {
namespace {

// Words that are no command are values; they change nothing.
constexpr const char* head = R"fish(# Completion of `chancery`, printed by `chancery completion fish`.

function __chancery_at
  set -l typed (commandline -opc)
  set -l at chancery
  for word in $typed[2..-1]
    if contains -- "$at $word" $__chancery_all
      set at "$at $word"
    end
  end
  test "$at" = "$argv[1]"
end

)fish";

/// In single quotes of fish only these two need a backslash.
std::string quote(std::string_view text) {
  std::string quoted = "'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') quoted.push_back('\\');
    quoted.push_back(letter);
  }
  return quoted + "'";
}

void append_names(std::string& script, const CLI::App& command) {
  script.append(" \\\n  ").append(quote(full_name(command)));
  for (const CLI::App* one : commands_below(command)) append_names(script, *one);
}

std::string begin_line(const std::string& place) {
  return "complete -c chancery -n " + quote("__chancery_at \"" + place + "\"");
}

void append_option(std::string& script, const CLI::Option& option, const std::string& place) {
  bool takes_file = false;
  script += begin_line(place);
  for (const std::string& name : option.get_lnames()) {
    script.append(" -l ").append(name);
    takes_file = takes_file || name == "config" || name.ends_with("-file");
  }
  for (const std::string& name : option.get_snames()) script.append(" -s ").append(name);
  if (takes_value(option)) script += takes_file ? " -r -F" : " -r -f";
  script.append(" -d ").append(quote(describe_option(option))).append("\n");
}

void append_command(std::string& script, const CLI::App& command) {
  const std::string place = full_name(command);
  for (const CLI::App* one : commands_below(command)) {
    script.append(begin_line(place)).append(" -a ").append(one->get_name());
    script.append(" -d ").append(quote(one->get_description())).append("\n");
  }
  for (const CLI::Option* option : own_options(command)) append_option(script, *option, place);
  for (const CLI::Option* option : common_options(command)) append_option(script, *option, place);
  for (const CLI::Option* argument : arguments_of(command)) {
    if (argument->get_name(true, false) == "FILE") script.append(begin_line(place)).append(" -F\n");
  }
  for (const CLI::App* one : commands_below(command)) append_command(script, *one);
}

}  // namespace

std::string print_fish_completion(const CLI::App& root) {
  std::string script = head;
  script += "set -g __chancery_all";
  append_names(script, root);
  script += "\n\ncomplete -c chancery -e\ncomplete -c chancery -f\n";
  append_command(script, root);
  return script;
}

}  // namespace app
