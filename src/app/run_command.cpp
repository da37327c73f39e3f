// Executes a command line. While a server runs on the embedded database the command is sent to it, because two
// processes must not write one file; otherwise the program opens the installation itself (the store takes its lock).
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>

#include "app/command/command.hpp"
#include "app/command/control.hpp"
#include "app/config/find_config.hpp"
#include "app/config/load_config.hpp"
#include "app/house/installation.hpp"

namespace app {
namespace {

void print(const std::string& text, std::FILE* to) {
  std::fwrite(text.data(), 1, text.size(), to);
  std::fflush(to);
}

int refuse_here(const base::Error& error) {
  Console console;
  const int status = refuse(console, error);
  print(console.err, stderr);
  return status;
}

/// Switches the terminal's echo off during its lifetime.
class Silence {
 public:
  Silence() {
    known_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (known_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~Silence() {
    if (known_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  termios before_{};
  bool known_ = false;
};

std::optional<base::Secret> read_line() {
  std::string line;
  if (!std::getline(std::cin, line)) return std::nullopt;
  if (line.ends_with('\r')) line.pop_back();
  return base::Secret(std::move(line));
}

base::Result<base::Secret> type_twice(const std::string& prompt) {
  if (::isatty(STDIN_FILENO) == 0) {
    return base::fail(base::Code::invalid_input,
                      "standard input is no terminal to ask at; give the password with --password-stdin");
  }
  const Silence silence;
  print(prompt + ": ", stderr);
  const auto first = read_line();
  print("\nonce more: ", stderr);
  const auto second = read_line();
  print("\n", stderr);
  if (!first || !second || !(*first == *second))
    return base::fail(base::Code::invalid_input, "the two are not the same");
  return *first;
}

base::Result<base::Secret> obtain_secret(const Command& command) {
  if (command.secret == SecretFrom::nothing) return base::Secret();
  if (command.secret == SecretFrom::prompt) {
    ASSIGN_OR_RETURN(auto typed, type_twice(command.prompt));
    if (typed.empty()) return base::fail(base::Code::invalid_input, "nothing was typed");
    return typed;
  }
  auto line = read_line();
  if (!line || line->empty())
    return base::fail(base::Code::invalid_input, "standard input has no line with the secret");
  return *std::move(line);
}

/// Files for commands are small; a larger one was probably named by mistake.
constexpr std::size_t largest_file = 256 * 1024;

base::Result<std::string> read_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) return base::fail(base::Code::not_found, "the file " + name + " cannot be read");
  std::string octets(largest_file + 1, '\0');
  file.read(octets.data(), static_cast<std::streamsize>(octets.size()));
  if (file.bad()) return base::fail(base::Code::unavailable, "the file " + name + " cannot be read");
  octets.resize(static_cast<std::size_t>(file.gcount()));
  if (octets.empty()) return base::fail(base::Code::invalid_input, "the file " + name + " is empty or no file");
  if (octets.size() > largest_file) {
    return base::fail(base::Code::invalid_input,
                      "the file " + name + " is larger than " + std::to_string(largest_file / 1024) + " KiB");
  }
  return octets;
}

bool is_terminal() {
  return ::isatty(STDOUT_FILENO) != 0;
}

/// The command in this process, on the installation that it opens.
int run_here(Command command, const Config& config, Console console) {
  console.form = command.form;
  console.form.is_terminal = is_terminal();
  auto installation = Installation::open(config, Purpose::command);
  if (!installation) return refuse_here(installation.error());
  for (;;) {
    const int status = command.in_house((*installation)->house(), console);
    print(console.out, stdout);
    print(console.err, stderr);
    if (console.next.empty() || status != done) return status;
    const Form form = console.form;
    command = *parse_command_line(console.next).command;
    console = Console();
    console.form = form;
  }
}

/// Fills in the configuration that the command line does not name.
base::Result<void> name_config(Command& command) {
  if (!command.needs_config || !command.config_file.empty()) return {};
  ConfigPlaces places = config_places();
  if (!command.takes_demonstration) places.mark_file.clear();
  ASSIGN_OR_RETURN(FoundConfig found, find_config(places));
  if (found.is_demonstration) print("with the configuration of the demonstration, " + found.file + "\n", stderr);
  command.config_file = std::move(found.file);
  return {};
}

int run_in_house(Command command, std::vector<std::string> argv) {
  const auto config = load_config(command.config_file);
  if (!config) return refused;
  auto secret = obtain_secret(command);
  if (!secret) {
    (void)refuse_here(secret.error());
    return misused;
  }
  Console console;
  console.form.is_terminal = is_terminal();
  console.secret = std::move(*secret);
  if (!command.file.empty()) {
    auto octets = read_file(command.file);
    if (!octets) return refuse_here(octets.error());
    console.file = std::move(*octets);
  }
  bool asked = false;
  while (config->is_sqlite()) {
    auto answer = ask_server(config->control_socket(), argv, console);
    if (!answer) return refuse_here(answer.error());
    if (!*answer) {
      if (asked) return refuse_here({base::Code::unavailable, "the server ended before the whole answer was read"});
      break;
    }
    asked = true;
    print((*answer)->console.out, stdout);
    print((*answer)->console.err, stderr);
    if ((*answer)->console.next.empty() || (*answer)->status != done) return (*answer)->status;
    argv = (*answer)->console.next;
  }
  return run_here(std::move(command), *config, std::move(console));
}

}  // namespace

int run_command_line(const std::vector<std::string>& argv) {
  ParsedLine line = parse_command_line(argv);
  print(line.out, stdout);
  print(line.err, stderr);
  if (!line.command) return line.status;
  if (const auto named = name_config(*line.command); !named) return refuse_here(named.error());
  if (line.command->alone) return line.command->alone(line.command->config_file);
  return run_in_house(std::move(*line.command), argv);
}

}  // namespace app
