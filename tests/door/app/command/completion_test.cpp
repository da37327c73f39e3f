// Completion as bash does it: the script is loaded by a real bash, which is asked for completions.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "door/program.hpp"

namespace {

using Words = std::vector<std::string>;

/// What bash offers behind these words; the last one is being typed.
Words complete(const Words& typed) {
  const door::Folder folder;
  const std::string script = folder.write("completion.bash", door::run_chancery({"completion", "bash"}).out);
  std::string line = "source " + script + "; COMP_WORDS=(chancery";
  for (const std::string& word : typed) line += " '" + word + "'";
  line += "); COMP_CWORD=" + std::to_string(typed.size()) + "; _chancery; printf '%s\\n' \"${COMPREPLY[@]}\"";
  const std::string command = folder.write("ask.bash", line);
  std::FILE* const bash = ::popen(("bash --norc --noprofile " + command + " 2>&1").c_str(), "r");
  REQUIRE(bash != nullptr);
  std::string text;
  for (int letter = 0; (letter = std::fgetc(bash)) != EOF;) text.push_back(static_cast<char>(letter));
  CHECK(::pclose(bash) == 0);
  Words words;
  std::istringstream lines(text);
  for (std::string word; std::getline(lines, word);) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

}  // namespace

TEST_CASE("bash completes commands, groups of them and options") {
  CHECK(complete({"ac"}) == Words{"account"});
  CHECK(complete({"account", "cr"}) == Words{"create"});
  CHECK(complete({"account", "sessions", ""}) == Words{"list", "end"});
  CHECK(complete({"account", "list", "--se"}) == Words{"--search"});
  CHECK(complete({"--config", "x.toml", "gro"}) == Words{"group"});
  CHECK(complete({"account", "context", "add", "anna", ""}).empty());
  const Words groups = complete({""});
  CHECK(std::find(groups.begin(), groups.end(), "completion") != groups.end());
  CHECK(complete({"nonsense", "--no-such"}).empty());
}

TEST_CASE("bash completes names of files behind options that take one") {
  const door::Folder folder;
  const std::string file = folder.write("clinic.toml", "x");
  const std::string begun = file.substr(0, file.size() - 3);
  CHECK(complete({"account", "list", "--config", begun}) == Words{file});
  CHECK(complete({"check-config", begun}) == Words{file});
  CHECK(complete({"tenant", "set", "--logo-file", begun}) == Words{file});
  CHECK(complete({"account", "list", "--search", begun}).empty());
}

TEST_CASE("completion exists for bash and zsh, and for other shells the command says which it knows") {
  CHECK(door::run_chancery({"completion", "zsh"}).out.find("bashcompinit") != std::string::npos);
  const auto refused = door::run_chancery({"completion", "tcsh"});
  CHECK(refused.status == 2);
  CHECK(refused.err.find("bash") != std::string::npos);
  CHECK(door::run_chancery({"completion"}).status == 2);
}
