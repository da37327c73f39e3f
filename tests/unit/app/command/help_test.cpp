// The help of every command, and what is said about a command line with a mistake. Nothing is executed.
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "app/command/command.hpp"

namespace {

using Words = std::vector<std::string>;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string help_of(Words words) {
  words.emplace_back("--help");
  const app::ParsedLine line = app::parse_command_line(words);
  CHECK(line.status == app::done);
  CHECK(line.err.empty());
  return line.out;
}

struct Help {
  Words words;
  std::string page;
  Words below;
  Words examples;
};

Help read_help(const Words& words) {
  Help help{words, help_of(words), {}, {}};
  std::istringstream lines(help.page);
  std::string section;
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with(':') && !line.starts_with(' ')) {
      section = line;
    } else if (line.size() > 2 && line.starts_with("  ") && line[2] != ' ') {
      if (section == "Commands:") help.below.push_back(line.substr(2, line.find(' ', 2) - 2));
      if (section == "Examples:") help.examples.push_back(line.substr(2));
    }
  }
  return help;
}

void collect(const Words& words, std::vector<Help>& found) {
  Help help = read_help(words);
  for (const std::string& name : help.below) {
    Words longer = words;
    longer.push_back(name);
    collect(longer, found);
  }
  found.push_back(std::move(help));
}

std::vector<Help> all_help() {
  std::vector<Help> found;
  collect({}, found);
  REQUIRE(found.size() > 40);
  return found;
}

/// The words of an example as a shell divides it; quotation marks keep spaces.
Words divide(const std::string& line) {
  Words words;
  std::string word;
  char quote = 0;
  bool is_word = false;
  for (const char letter : line) {
    if (quote == 0 ? letter == '"' || letter == '\'' : letter == quote) {
      quote = quote == 0 ? letter : '\0';
      is_word = true;
    } else if (letter == ' ' && quote == 0) {
      if (is_word) words.push_back(word);
      word.clear();
      is_word = false;
    } else {
      word.push_back(letter);
      is_word = true;
    }
  }
  CHECK(quote == 0);
  if (is_word) words.push_back(word);
  return words;
}

std::string mistake(const Words& words) {
  const app::ParsedLine line = app::parse_command_line(words);
  CHECK(line.status == app::misused);
  CHECK_FALSE(line.command.has_value());
  CHECK(line.out.empty());
  return line.err;
}

}  // namespace

TEST_CASE("the help of every command fits 80 columns, and its last line ends") {
  for (const Help& help : all_help()) {
    CAPTURE(help.page);
    CHECK(help.page.starts_with("Usage: chancery"));
    CHECK(help.page.ends_with("\n"));
    CHECK_FALSE(help.page.ends_with("\n\n"));
    std::istringstream lines(help.page);
    bool is_example = false;
    for (std::string line; std::getline(lines, line);) {
      is_example = is_example || line == "Examples:";
      CHECK_FALSE(line.ends_with(' '));
      const auto columns = std::count_if(line.begin(), line.end(), [](char octet) { return (octet & 0xC0) != 0x80; });
      if (!is_example) CHECK(columns <= 80);
    }
  }
}

TEST_CASE("every command has examples, and each of them is a command line of that command that can be typed") {
  for (const Help& help : all_help()) {
    if (!help.below.empty()) continue;
    CAPTURE(help.page);
    CHECK_FALSE(help.examples.empty());
    for (const std::string& example : help.examples) {
      CAPTURE(example);
      Words words = divide(example);
      REQUIRE(words.front() == "chancery");
      words.erase(words.begin());
      REQUIRE(words.size() >= help.words.size());
      CHECK(Words(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(help.words.size())) == help.words);
      const app::ParsedLine line = app::parse_command_line(words);
      CHECK(line.err.empty());
      CHECK(line.status == app::done);
    }
  }
}

TEST_CASE("`chancery help` and --help print the same, for all commands and groups of them") {
  for (const Help& help : all_help()) {
    Words words{"help"};
    words.insert(words.end(), help.words.begin(), help.words.end());
    const app::ParsedLine line = app::parse_command_line(words);
    CHECK(line.status == app::done);
    CHECK(line.out == help.page);
  }
  CHECK(mistake({"help", "account", "creat"}) ==
        "chancery: there is no command \"account creat\"; did you mean \"create\"?\n`chancery account --help` says "
        "more\n");
}

TEST_CASE("a value has one name in the help, also if it can be given as an option") {
  const std::string page = help_of({"client", "create"});
  CHECK(has(page, "Usage: chancery client create [OPTIONS] CLIENT_ID\n"));
  CHECK(has(page, "; --id too"));
  CHECK_FALSE(has(page, "--id TEXT"));
  CHECK_FALSE(has(page, "REQUIRED"));
  CHECK(has(mistake({"client", "create"}), "chancery: CLIENT_ID is required\n"));
  CHECK(has(help_of({"policy", "set"}), "Usage: chancery policy set [OPTIONS] POLICY [RULE=VALUE...]\n"));
  CHECK(has(help_of({"account", "create"}), "[default: employee]"));
  CHECK_FALSE(has(help_of({"account", "create"}), "  --password "));
}

TEST_CASE("an unknown command is named, and the nearest one or the one of that meaning is suggested") {
  CHECK(mistake({"acount"}) ==
        "chancery: there is no command \"acount\"; did you mean \"account\"?\n`chancery --help` says more\n");
  CHECK(has(mistake({"client", "creat", "portal"}), "there is no command \"client creat\"; did you mean \"create\"?"));
  CHECK(has(mistake({"--config", "x.toml", "clent", "list"}), "\"clent\"; did you mean \"client\"?"));
  CHECK(has(mistake({"users"}), "did you mean \"account\"?"));
  CHECK(has(mistake({"account", "ls"}), "did you mean \"list\"?"));
  CHECK(has(mistake({"Account"}), "did you mean \"account\"?"));
  const std::string far = mistake({"zzzzzzzzzzzz"});
  CHECK(has(far, "there is no command \"zzzzzzzzzzzz\"\n"));
  CHECK_FALSE(has(far, "did you mean"));
}

TEST_CASE("a group without a command lists its commands") {
  CHECK(
      has(mistake({"policy"}), "\"chancery policy\" needs a command: list, show, set, bind, unbind, second-factor\n"));
  CHECK(has(mistake({}), "\"chancery\" needs a command: serve, "));
}

TEST_CASE("an unknown option is named with the nearest one, also behind options that have values") {
  CHECK(mistake({"account", "list", "--serach", "x"}) ==
        "chancery: \"chancery account list\" has no option --serach; did you mean --search?\n"
        "`chancery account list --help` says more\n");
  CHECK(
      has(mistake({"client", "create", "a", "--redirect-uri", "http://a", "--scop=openid"}), "did you mean --scope?"));
  CHECK(has(mistake({"account", "create", "a", "--no-must-change", "--emial", "a@b"}), "did you mean --email?"));
  CHECK(has(mistake({"key", "revoke", "-abc"}), "has no option -abc"));
  CHECK(has(mistake({"client", "create", "x", "--redirect", "y"}), "did you mean --redirect-uri?"));
}

TEST_CASE("a value too many is named, because its quotation marks are probably missing") {
  CHECK(has(mistake({"group", "create", "night", "shift"}),
            "has no place for \"shift\"; a value with spaces is written in quotation marks"));
  CHECK(has(mistake({"account", "list", "anna"}), "has no place for \"anna\""));
}

TEST_CASE("values that do not fit keep the sentence of their option") {
  CHECK(has(mistake({"client", "rotate-secret", "a", "--old-hours", "many"}), "--old-hours"));
  CHECK(has(mistake({"account", "create", "a", "--no-password", "--password-stdin"}), "does not go with"));
  CHECK(has(mistake({"account", "create", "a", "--password", "x"}), "use --password-stdin"));
  CHECK_FALSE(has(mistake({"account", "create", "a", "--password", "Meadow-Violet-2026"}), "Meadow-Violet-2026"));
}
