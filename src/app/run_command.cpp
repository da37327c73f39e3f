// Executes a command line. While a server runs on the embedded database the command is sent to it, because two
// processes must not write one file; otherwise the program opens the installation itself (the store takes its lock). A
// command whose effect lies in the memory of the server is sent to it with any database, and is refused without one.
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "app/command/command.hpp"
#include "app/command/control.hpp"
#include "app/config/find_config.hpp"
#include "app/config/load_config.hpp"
#include "app/house/installation.hpp"
#include "base/bytes.hpp"
#include "base/terminal.hpp"
#include "crypto/signing/digest_stream.hpp"

namespace app {
namespace {

using base::print;

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

base::Result<std::string> read_file(const std::string& name, std::size_t largest_file) {
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

/// "sha256:… sha384:… sha512:…"; the file is read in pieces.
base::Result<std::string> digest_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) return base::fail(base::Code::not_found, "the file " + name + " cannot be read");
  std::vector<crypto::DigestStream> streams;
  for (const auto kind : {crypto::DigestKind::sha256, crypto::DigestKind::sha384, crypto::DigestKind::sha512}) {
    streams.emplace_back(kind);
  }
  std::string piece(std::size_t{64} * 1024, '\0');
  while (file) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto got = static_cast<std::size_t>(file.gcount());
    for (auto& one : streams) one.add(base::BytesView(piece).substr(0, got));
  }
  if (file.bad()) return base::fail(base::Code::unavailable, "the file " + name + " cannot be read");
  std::string words;
  for (auto& one : streams) {
    words.append(words.empty() ? "" : " ").append(crypto::name_of(one.kind())).append(":");
    words += base::to_hex(one.finish());
  }
  return words;
}

/// The files that the command names. A place for the result that is not there is told before a key is used.
base::Result<void> read_input(const Command& command, Console& console) {
  std::error_code ignored;
  if (!command.save_into.empty() && !std::filesystem::is_directory(command.save_into, ignored)) {
    return base::fail(base::Code::not_found, "there is no folder " + command.save_into);
  }
  if (!command.file.empty()) {
    ASSIGN_OR_RETURN(console.file, read_file(command.file, command.most_file));
  }
  if (!command.digests_of.empty()) {
    ASSIGN_OR_RETURN(console.digests, digest_file(command.digests_of));
  }
  return {};
}

/// Nothing is ever replaced: a signature that is there already may be the only one.
base::Result<void> save_output(const Command& command, const Console& console) {
  if (console.save_as.empty()) return {};
  const auto path = std::filesystem::path(command.save_into) / std::filesystem::path(console.save_as).filename();
  const int handle = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (handle < 0 && errno == EEXIST) {
    return base::fail(base::Code::already_exists,
                      path.string() + " is there already; remove it, or name another folder with --out");
  }
  std::string_view rest = console.saved;
  bool is_written = handle >= 0;
  while (is_written && !rest.empty()) {
    const ssize_t got = ::write(handle, rest.data(), rest.size());
    is_written = got > 0 || (got < 0 && errno == EINTR);
    if (got > 0) rest.remove_prefix(static_cast<std::size_t>(got));
  }
  is_written = is_written && ::fsync(handle) == 0;
  const std::string why = is_written ? std::string() : std::strerror(errno);
  if (handle >= 0) ::close(handle);
  if (is_written) return {};
  if (handle >= 0) ::unlink(path.c_str());
  return base::fail(base::Code::unavailable, path.string() + " cannot be written: " + why);
}

/// Writes the file of one answer; what stands in its way is printed after the answer.
int save(const Command& command, const Console& console) {
  const auto saved = save_output(command, console);
  return saved ? static_cast<int>(done) : refuse_here(saved.error());
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
  // A part that was refused does not end the others, but the whole counts as refused.
  int worst = done;
  for (;;) {
    worst = std::max(worst, command.in_house((*installation)->house(), console));
    print(console.out, stdout);
    print(console.err, stderr);
    worst = std::max(worst, save(command, console));
    if (console.next.empty()) return worst;
    command = *parse_command_line(console.next).command;
    Console rest;
    rest.form = console.form;
    rest.secret = std::move(console.secret);
    console = std::move(rest);
    if (const auto read = read_input(command, console); !read) return refuse_here(read.error());
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
  if (const auto read = read_input(command, console); !read) return refuse_here(read.error());
  bool asked = false;
  int worst = done;
  while (config->is_sqlite() || command.needs_server) {
    auto answer = ask_server(config->control_socket(), argv, console);
    if (!answer) return refuse_here(answer.error());
    if (!*answer) {
      if (asked) return refuse_here({base::Code::unavailable, "the server ended before the whole answer was read"});
      if (command.needs_server) {
        return refuse_here(
            {base::Code::unavailable,
             "no server runs on this configuration, and only a running one can keep this; start it first"});
      }
      break;
    }
    asked = true;
    print((*answer)->console.out, stdout);
    print((*answer)->console.err, stderr);
    worst = std::max({worst, (*answer)->status, save(command, (*answer)->console)});
    if ((*answer)->console.next.empty()) return worst;
    argv = (*answer)->console.next;
    ParsedLine next = parse_command_line(argv);
    console.file.clear();
    console.digests.clear();
    if (!next.command) return misused;
    command = std::move(*next.command);
    if (const auto read = read_input(command, console); !read) return refuse_here(read.error());
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
