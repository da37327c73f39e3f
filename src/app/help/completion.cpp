#include "app/help/completion.hpp"

#include "app/help/completion_fish.hpp"
#include "app/help/help_page.hpp"

namespace app {
namespace {

struct Words {
  std::string commands;
  std::string options;
  std::string files;  // options whose value is a file
};

void append_word(std::string& words, const std::string& word) {
  words.append(words.empty() ? "" : " ").append(word);
}

Words words_of(const CLI::App& command) {
  Words words;
  for (const CLI::App* one : commands_below(command)) append_word(words.commands, one->get_name());
  auto options = own_options(command);
  for (const CLI::Option* option : common_options(command)) options.push_back(option);
  for (const CLI::Option* option : options) {
    for (const std::string& name : option->get_lnames()) {
      append_word(words.options, "--" + name);
      if (name == "config" || name.ends_with("-file")) append_word(words.files, "--" + name);
    }
  }
  for (const CLI::Option* argument : arguments_of(command)) {
    if (argument->get_name(true, false) == "FILE") append_word(words.files, "FILE");
  }
  return words;
}

void append_cases(std::string& script, const CLI::App& command, std::string Words::*kind) {
  script.append("    \"")
      .append(full_name(command))
      .append("\") echo \"")
      .append(words_of(command).*kind)
      .append("\" ;;\n");
  for (const CLI::App* one : commands_below(command)) append_cases(script, *one, kind);
}

void append_function(std::string& script, const std::string& name, const CLI::App& root, std::string Words::*kind) {
  script.append(name).append("() {\n  case \"$1\" in\n");
  append_cases(script, root, kind);
  script.append("    *) return 1 ;;\n  esac\n}\n\n");
}

// Words without a hyphen that are no command are values; they change nothing.
constexpr const char* body = R"sh(_chancery_complete() {
  local at="chancery" cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" i files
  for ((i = 1; i < COMP_CWORD; i++)); do
    if _chancery_commands "$at ${COMP_WORDS[i]}" >/dev/null; then at="$at ${COMP_WORDS[i]}"; fi
  done
  files=" $(_chancery_files "$at") "
  if [[ "$prev" == -* && "$files" == *" $prev "* ]]; then
    COMPREPLY=($(compgen -f -- "$cur"))
  elif [[ "$cur" == -* ]]; then
    COMPREPLY=($(compgen -W "$(_chancery_options "$at")" -- "$cur"))
  elif [[ "$files" == *" FILE "* ]]; then
    COMPREPLY=($(compgen -f -- "$cur"))
  else
    COMPREPLY=($(compgen -W "$(_chancery_commands "$at")" -- "$cur"))
  fi
}
complete -F _chancery_complete chancery
)sh";

// zsh reads the script at the first completion, as the function _chancery, or at once (source). In the first case that
// completion itself is still to be done.
constexpr const char* zsh_end = R"sh(if [ "${funcstack[1]}" = _chancery ]; then _bash_complete -F _chancery_complete; fi
)sh";

}  // namespace

std::string print_completion(const CLI::App& root, std::string_view shell) {
  if (shell == "fish") return print_fish_completion(root);
  const bool is_zsh = shell == "zsh";
  std::string script = is_zsh ? "#compdef chancery\n" : "";
  script += "# Completion of `chancery`, printed by `chancery completion " + std::string(shell) + "`.\n";
  if (is_zsh) script += "autoload -U +X bashcompinit && bashcompinit\n";
  script += "\n";
  append_function(script, "_chancery_commands", root, &Words::commands);
  append_function(script, "_chancery_options", root, &Words::options);
  append_function(script, "_chancery_files", root, &Words::files);
  return script + body + (is_zsh ? zsh_end : "");
}

}  // namespace app
