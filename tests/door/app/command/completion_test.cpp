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
  line += "); COMP_CWORD=" + std::to_string(typed.size()) + "; _chancery_complete; printf '%s\\n' \"${COMPREPLY[@]}\"";
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

TEST_CASE("completion exists for bash, zsh and fish, and for other shells the command says which it knows") {
  const std::string zsh = door::run_chancery({"completion", "zsh"}).out;
  CHECK(zsh.starts_with("#compdef chancery\n"));
  CHECK(zsh.find("bashcompinit") != std::string::npos);
  const auto refused = door::run_chancery({"completion", "tcsh"});
  CHECK(refused.status == 2);
  CHECK(refused.err.find("bash") != std::string::npos);
  CHECK(door::run_chancery({"completion"}).status == 2);
}

TEST_CASE("fish is offered each command with its sentence, and files only where a file is meant") {
  const std::string script = door::run_chancery({"completion", "fish"}).out;
  const auto has = [&script](const std::string& line) { return script.find("\n" + line) != std::string::npos; };
  CHECK(has("complete -c chancery -n '__chancery_at \"chancery account\"' -a create -d 'create an account"));
  CHECK(has("complete -c chancery -n '__chancery_at \"chancery account create\"' -l email -r -f -d "));
  CHECK(has("complete -c chancery -n '__chancery_at \"chancery account create\"' -l config -r -F -d "));
  CHECK(has("complete -c chancery -n '__chancery_at \"chancery check-config\"' -F\n"));
  CHECK(has("complete -c chancery -f\n"));
}
