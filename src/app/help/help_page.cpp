#include "app/help/help_page.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace app {
namespace {

constexpr std::size_t page_width = 80;
constexpr std::size_t name_width = 26;  // of the left column, with its indentation

std::string as_sentence(std::string text) {
  if (!text.empty()) text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text.ends_with('.') ? text : text + ".";
}

/// Appends words from column `column` on, and further lines below it.
void append_wrapped(std::string& page, std::string_view text, std::size_t column, std::size_t margin) {
  std::size_t at = column;
  bool is_first = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!is_first && at + 1 + word.size() > page_width) {
      page.append("\n").append(margin, ' ');
      at = margin;
    } else if (!is_first) {
      page.push_back(' ');
      ++at;
    }
    page.append(word);
    at += word.size();
    is_first = false;
  }
  page.push_back('\n');
}

void append_row(std::string& page, const std::string& name, const std::string& about) {
  page.append("  ").append(name);
  std::size_t at = 2 + name.size();
  if (at + 2 > name_width) {
    page.push_back('\n');
    at = 0;
  }
  page.append(name_width - at, ' ');
  append_wrapped(page, about, name_width, name_width);
}

bool is_common(const CLI::App& command, const CLI::Option& option) {
  return &option == command.get_help_ptr() || option.get_group() == common_group;
}

std::vector<const CLI::Option*> find_options(const CLI::App& command, bool are_common) {
  return command.get_options([&](const CLI::Option* option) {
    return !option->get_group().empty() && !option->get_positional() && is_common(command, *option) == are_common;
  });
}

std::string value_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const bool is_number = type.starts_with("INT") || type.starts_with("UINT");
  return is_number ? "NUMBER" : type.substr(0, type.find(':'));
}

/// "openid" of "[openid]"; "" if there is none.
std::string default_of(const CLI::Option& option) {
  std::string text = option.get_default_str();
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  std::erase(text, '"');
  return text;
}

template <class F>
void append_options(std::string& page, const std::string& title, const std::vector<const CLI::Option*>& options,
                    F&& spell) {
  if (options.empty()) return;
  page.append("\n").append(title).append(":\n");
  for (const CLI::Option* option : options) append_row(page, spell(*option), describe_option(*option));
}

}  // namespace

std::string full_name(const CLI::App& command) {
  const CLI::App* const parent = command.get_parent();
  return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

std::vector<const CLI::App*> commands_below(const CLI::App& command) {
  return command.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); });
}

std::vector<const CLI::Option*> own_options(const CLI::App& command) {
  return find_options(command, false);
}

std::vector<const CLI::Option*> common_options(const CLI::App& command) {
  auto options = find_options(command, true);
  // CLI11 puts --help before all others.
  std::stable_partition(options.begin(), options.end(),
                        [&](const CLI::Option* option) { return option != command.get_help_ptr(); });
  return options;
}

std::vector<const CLI::Option*> arguments_of(const CLI::App& command) {
  return command.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

std::string spell_option(const CLI::Option& option) {
  std::string names;
  const auto append = [&](const std::string& name) { names.append(names.empty() ? "" : ", ").append(name); };
  for (const std::string& name : option.get_snames()) append("-" + name);
  for (const std::string& name : option.get_lnames()) append("--" + name);
  if (takes_value(option)) names.append(" ").append(value_of(option));
  return names;
}

bool takes_value(const CLI::Option& option) {
  return option.get_type_size() != 0 && !value_of(option).empty();
}

std::string spell_argument(const CLI::Option& argument) {
  std::string name = argument.get_name(true, false);
  if (argument.get_expected_max() > 1) name += "...";
  return argument.get_required() ? name : "[" + name + "]";
}

std::string describe_option(const CLI::Option& option) {
  std::string text = option.get_description();
  if (option.get_positional() && !option.get_lnames().empty()) text += "; --" + option.get_lnames().front() + " too";
  const std::string standard = default_of(option);
  if (!standard.empty()) text += " [default: " + standard + "]";
  if (!option.get_positional() && option.get_required()) text += " (required)";
  return text;
}

std::string usage_of(const CLI::App& command) {
  std::string usage = full_name(command);
  if (!commands_below(command).empty()) return usage + " COMMAND ...";
  if (!own_options(command).empty() || !common_options(command).empty()) usage += " [OPTIONS]";
  for (const CLI::Option* argument : arguments_of(command)) usage += " " + spell_argument(*argument);
  return usage;
}

std::vector<std::string> examples_of(const CLI::App& command) {
  std::vector<std::string> examples;
  if (!commands_below(command).empty()) return examples;
  std::istringstream lines(command.get_footer());
  for (std::string line; std::getline(lines, line);) examples.push_back(line);
  return examples;
}

void give_examples(CLI::App& command, const std::vector<std::string>& examples) {
  std::string all;
  for (const std::string& example : examples) all += (all.empty() ? "" : "\n") + ("chancery " + example);
  command.footer(all);
}

std::string HelpPage::make_help(const CLI::App* command, std::string, CLI::AppFormatMode) const {
  std::string page = "Usage: ";
  append_wrapped(page, usage_of(*command), page.size(), 7);
  page.push_back('\n');
  append_wrapped(page, as_sentence(command->get_description()), 0, 0);
  append_options(page, "Arguments", arguments_of(*command),
                 [](const CLI::Option& one) { return one.get_name(true, false); });
  append_options(page, "Options", own_options(*command), spell_option);
  const auto below = commands_below(*command);
  if (!below.empty()) page += "\nCommands:\n";
  for (const CLI::App* one : below) append_row(page, one->get_name(), one->get_description());
  append_options(page, common_group, common_options(*command), spell_option);
  const auto examples = examples_of(*command);
  if (!examples.empty()) page += "\nExamples:\n";
  for (const std::string& example : examples) page.append("  ").append(example).append("\n");
  if (below.empty()) return page;
  std::istringstream paragraphs(command->get_footer());
  for (std::string paragraph; std::getline(paragraphs, paragraph);) {
    page.push_back('\n');
    append_wrapped(page, paragraph, 0, 0);
  }
  page.push_back('\n');
  append_wrapped(page, "`" + full_name(*command) + " COMMAND --help` says more about a command.", 0, 0);
  return page;
}

}  // namespace app
