#include "app/help/command_reference.hpp"

#include "app/help/help_page.hpp"

namespace app {
namespace {

constexpr const char* head = R"(# Commands

<!-- Printed from the commands by `chancery help --print-reference`; a test compares them. -->

Commands run as the user of the server (or root) on its machine. While a server runs on the embedded database, they go to it
through `control.sock` in the data folder; otherwise they open the database themselves.
`chancery help account create` and `chancery account create --help` print what stands here. A typing error is answered with
the nearest command, option or name.

## Answers

| answer | terminal | pipe or file | `--json` |
| --- | --- | --- | --- |
| list | header, aligned columns | header, tabs; `--no-header` leaves the header out | array of objects with all fields |
| one object | `name: value` | `name: value`, lists as JSON | the object |
| change | one sentence | one sentence | the object, or `{"changed": true}`; `false` if everything was so already |

Scripts should use `--json`: fields are added, never renamed. Further reasons:
[decision 54](../decisions/0054-one-form-for-the-answers-of-commands.md).

| exit status | means |
| --- | --- |
| 0 | done, also if nothing had to be changed |
| 1 | refused; one sentence on standard error |
| 2 | the command was used wrongly |

## Configuration

A command uses the first of these: the file of `--config`, the file of the variable `CHANCERY_CONFIG`,
`/etc/chancery/chancery.toml`, the configuration of the demonstration that the same person runs. The last two are used only if
nobody but root and the person who gives the command can change the file or a folder above it; otherwise the command is refused
and says what is open ([decision 55](../decisions/0055-configurations-that-are-found.md)).

## Completion

```sh
chancery completion bash > /usr/share/bash-completion/completions/chancery   # for everybody, as root; the package has it
source <(chancery completion bash)                                           # for one shell; zsh: completion zsh
chancery completion fish | source                                            # the same in fish
```

## Options of every command

| option | does |
| --- | --- |
| `--config FILE` | names the configuration |
| `--json` | answers in JSON; commands that read or change the installation have it |
| `--no-header` | lists: without the line that names the columns |
| `-h, --help` | prints the help |

)";

/// In a cell of a table.
std::string in_cell(const std::string& text) {
  std::string cell;
  for (const char letter : text) cell += letter == '|' ? std::string("\\|") : std::string(1, letter);
  return cell;
}

void append_command(std::string& page, const CLI::App& command) {
  page.append("### `").append(full_name(command)).append("`\n\n");
  page.append("`").append(usage_of(command)).append("`: ").append(command.get_description()).append(".\n\n");
  auto rows = arguments_of(command);
  for (const CLI::Option* option : own_options(command)) rows.push_back(option);
  if (!rows.empty()) page += "| argument or option | is |\n| --- | --- |\n";
  for (const CLI::Option* row : rows) {
    const std::string name = row->get_positional() ? row->get_name(true, false) : spell_option(*row);
    page.append("| `").append(in_cell(name)).append("` | ").append(in_cell(describe_option(*row))).append(" |\n");
  }
  if (!rows.empty()) page.push_back('\n');
  page += "```sh\n";
  for (const std::string& example : examples_of(command)) page.append(example).append("\n");
  page += "```\n\n";
}

void append_all(std::string& page, const CLI::App& command) {
  const auto below = commands_below(command);
  if (below.empty()) append_command(page, command);
  for (const CLI::App* one : below) append_all(page, *one);
}

}  // namespace

std::string print_command_reference(const CLI::App& root) {
  std::string page = head;
  page += "## The program\n\n";
  for (const CLI::App* one : commands_below(root)) {
    if (commands_below(*one).empty()) append_command(page, *one);
  }
  for (const CLI::App* one : commands_below(root)) {
    if (commands_below(*one).empty()) continue;
    page.append("## ").append(one->get_name()).append(": ").append(one->get_description()).append("\n\n");
    append_all(page, *one);
  }
  page.pop_back();
  return page;
}

}  // namespace app
