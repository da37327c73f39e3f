// A command of the command line, parsed but not yet executed. The same function executes it in the running server
// (through the control socket) and in the program itself when no server runs.
// Invariant: passwords and secrets come from standard input or a prompt, never from arguments.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "flow/house/house.hpp"

namespace app {

/// Exit status. Scripts rely on the values.
enum Status : int {
  done = 0,
  refused = 1,
  misused = 2
};

/// In which form an answer is printed.
struct Form {
  bool json = false;
  bool has_header = true;    // of a list
  bool is_terminal = false;  // aligned columns for people; otherwise tabs for scripts
};

/// What a command reads and writes.
struct Console {
  Form form;
  base::Secret secret;  // of standard input or the prompt
  std::string file;     // content of the file that the command names
  std::string digests;  // of the file of Command::digests_of: "sha256:9f86… sha384:… sha512:…"
  std::string out;
  std::string err;
  std::vector<std::string> next;  // arguments that give the rest of a long answer
  std::string save_as;            // name of a file to be written into Command::save_into, "" = none
  std::string saved;              // its octets
};

enum class SecretFrom : std::uint8_t {
  nothing,
  input,   // first line of standard input
  prompt,  // typed twice, without echo
};

struct Command {
  std::string config_file;  // "" = not named; find_config() looks for it
  bool needs_config = true;
  bool takes_demonstration = true;  // whether the running demonstration's configuration may be found
  Form form;
  SecretFrom secret = SecretFrom::nothing;
  std::string prompt;  // "Password for anna.kowalska"
  std::string file;    // to be read before it is executed, "" = none; never by the server, which may not see it
  std::size_t most_file = std::size_t{256} * 1024;  // octets; a larger one was probably named by mistake
  std::string digests_of;                           // a file of any size whose digests are enough, "" = none
  std::string save_into{};                          // folder for Console::save_as
  bool needs_server = false;                        // what it does lies in the memory of the running server alone
  /// Works on an opened installation, here or in the server …
  std::function<int(const flow::House&, Console&)> in_house;
  /// … or does everything itself.
  std::function<int(const std::string& config_file)> alone;
};

/// A parsed command line, or the text to print and the exit status.
struct ParsedLine {
  std::optional<Command> command;
  int status = done;
  std::string out;
  std::string err;
};
/// `argv` without the program's name.
ParsedLine parse_command_line(const std::vector<std::string>& argv);

/// Executes one command line and gives the exit status: parse, ask for a secret, ask the server or open the
/// installation, print.
int run_command_line(const std::vector<std::string>& argv);

/// Prints "chancery: …" and gives `refused`.
int refuse(Console& console, const base::Error& error);

}  // namespace app
